# The PostgreSQL of a self-hosted Temporal; none with Temporal Cloud.

resource "aws_db_subnet_group" "temporal" {
  count      = local.self_hosted ? 1 : 0
  name       = "${local.name}-temporal"
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_security_group" "temporal" {
  count       = local.self_hosted ? 1 : 0
  name        = "${local.name}-temporal-database"
  description = "PostgreSQL of Temporal, from the cluster's nodes"
  vpc_id      = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "temporal" {
  count                        = local.self_hosted ? 1 : 0
  security_group_id            = aws_security_group.temporal[0].id
  description                  = "Temporal's pods"
  referenced_security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_parameter_group" "temporal" {
  count  = local.self_hosted ? 1 : 0
  name   = "${local.name}-temporal"
  family = "postgres16"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
  parameter {
    name  = "log_min_duration_statement"
    value = "1000"
  }
}

resource "aws_db_instance" "temporal" {
  count          = local.self_hosted ? 1 : 0
  identifier     = "${local.name}-temporal"
  engine         = "postgres"
  engine_version = "16"
  instance_class = var.database.instance_class

  allocated_storage     = var.database.storage_gib
  max_allocated_storage = var.database.max_gib
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.main.arn

  db_name  = "temporal"
  username = "candlecast"
  # AWS makes the password, keeps it in Secrets Manager and rotates it; it is in no state file.
  manage_master_user_password   = true
  master_user_secret_kms_key_id = aws_kms_key.main.arn

  db_subnet_group_name   = aws_db_subnet_group.temporal[0].name
  vpc_security_group_ids = [aws_security_group.temporal[0].id]
  parameter_group_name   = aws_db_parameter_group.temporal[0].name
  publicly_accessible    = false
  multi_az               = var.database.multi_az
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  backup_retention_period    = var.database.backup_days
  copy_tags_to_snapshot      = true
  deletion_protection        = var.database.deletion_protection
  skip_final_snapshot        = false
  final_snapshot_identifier  = "${local.name}-temporal-last"
  auto_minor_version_upgrade = true

  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
  performance_insights_enabled    = true
  performance_insights_kms_key_id = aws_kms_key.main.arn

  depends_on = [aws_cloudwatch_log_group.database]
}
