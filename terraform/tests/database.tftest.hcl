mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  account_id         = "111122223333"
  region             = "eu-central-1"
  environment        = "test"
  cluster_admin_arns = ["arn:aws:iam::111122223333:role/admin"]
  temporal_address   = "eu-central-1.aws.api.temporal.io:7233"
  temporal_namespace = "candlecast.account"
  certificate_arn    = "arn:aws:acm:eu-central-1:111122223333:certificate/test"
  alarm_emails       = ["oncall@example.com"]
  monthly_budget_usd = 100
}

run "temporal_cloud_needs_no_database" {
  command = plan

  assert {
    condition     = length(aws_db_instance.temporal) == 0 && length(aws_security_group.temporal) == 0 && output.overlay == "aws-temporal-cloud" && output.temporal_address == "eu-central-1.aws.api.temporal.io:7233"
    error_message = "something of a self-hosted Temporal was made"
  }
}

run "the_database_is_private_encrypted_and_can_be_restored" {
  command = plan
  variables {
    temporal_mode      = "self-hosted"
    temporal_address   = ""
    temporal_namespace = "candlecast"
  }
  assert {
    condition     = aws_db_instance.temporal[0].storage_encrypted && !aws_db_instance.temporal[0].publicly_accessible
    error_message = "it is public, or not encrypted"
  }
  assert {
    condition     = aws_db_instance.temporal[0].manage_master_user_password && aws_db_instance.temporal[0].password == null
    error_message = "a password is in the state"
  }
  assert {
    condition     = aws_db_instance.temporal[0].backup_retention_period == 14 && aws_db_instance.temporal[0].deletion_protection && !aws_db_instance.temporal[0].skip_final_snapshot && aws_db_instance.temporal[0].multi_az
    error_message = "it can be lost"
  }
  assert {
    condition     = anytrue([for parameter in aws_db_parameter_group.temporal[0].parameter : parameter.name == "rds.force_ssl" && parameter.value == "1"])
    error_message = "plain connections are taken"
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.temporal[0].cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.temporal[0].from_port == 5432 && aws_vpc_security_group_ingress_rule.temporal[0].to_port == 5432
    error_message = "others than the nodes reach it"
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.database) == 3 && output.overlay == "aws"
    error_message = "it has no alarms, or the wrong manifests fit"
  }
}
