# What AWS would compute and other resources need. Lists are empty without it.
mock_data "aws_availability_zones" {
  defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
}

mock_resource "aws_eks_cluster" {
  defaults = {
    name                  = "candlecast-test"
    certificate_authority = [{ data = "" }]
    vpc_config            = { cluster_security_group_id = "sg-0cluster", vpc_id = "vpc-0" }
  }
}

mock_resource "aws_kms_key" {
  defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/test", key_id = "test" }
}

mock_resource "aws_db_instance" {
  defaults = {
    endpoint           = "temporal.test:5432"
    master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:test" }]
  }
}
