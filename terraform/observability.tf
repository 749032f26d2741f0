# Logs with an end, alarms, a budget. Metrics of the fleet itself are Prometheus' (monitoring/, k8s/components/service-monitor).

locals {
  flow_log_group        = "/candlecast/${var.environment}/vpc-refused"
  cluster_log_group     = "/aws/eks/${local.cluster}/cluster"
  application_log_group = "/aws/containerinsights/${local.cluster}/application"
}

# They are made here, before AWS' services would make them, without encryption and kept for ever.
resource "aws_cloudwatch_log_group" "flow" {
  name              = local.flow_log_group
  retention_in_days = var.log_days
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_cloudwatch_log_group" "cluster" {
  name              = local.cluster_log_group
  retention_in_days = var.log_days
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_cloudwatch_log_group" "containers" {
  for_each          = toset(["application", "dataplane", "host", "performance"])
  name              = "/aws/containerinsights/${local.cluster}/${each.value}"
  retention_in_days = var.log_days
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_cloudwatch_log_group" "database" {
  for_each          = local.self_hosted ? toset(["postgresql", "upgrade"]) : toset([])
  name              = "/aws/rds/instance/${local.name}-temporal/${each.value}"
  retention_in_days = var.log_days
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_sns_topic" "alarms" {
  name              = "${local.name}-alarms"
  kms_master_key_id = aws_kms_key.main.id
}

resource "aws_sns_topic_subscription" "alarms" {
  for_each  = toset(var.alarm_emails)
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.value
}

# What a worker's log says when runs stand still.
resource "aws_cloudwatch_log_metric_filter" "worker" {
  for_each = {
    nondeterminism = "\"Nondeterminism error\""
    unauthorized   = "\"the credentials are missing or refused\""
  }
  name           = "${local.name}-${each.key}"
  log_group_name = aws_cloudwatch_log_group.containers["application"].name
  pattern        = each.value
  metric_transformation {
    namespace     = "candlecast/${var.environment}"
    name          = each.key
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "worker" {
  for_each            = aws_cloudwatch_log_metric_filter.worker
  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = each.key == "nondeterminism" ? "New code doesn't explain old runs: roll back (docs/deployment.md)." : "S3 refuses the fleet: look at the roles and the bucket's policy."
  namespace           = "candlecast/${var.environment}"
  metric_name         = each.key
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "nodes" {
  alarm_name          = "${local.name}-nodes"
  alarm_description   = "A node of the cluster has failed."
  namespace           = "ContainerInsights"
  metric_name         = "cluster_failed_node_count"
  dimensions          = { ClusterName = local.cluster }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 2
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "database" {
  for_each = local.self_hosted ? {
    cpu     = { metric = "CPUUtilization", operator = "GreaterThanThreshold", threshold = 80, says = "Temporal's database is busy." }
    storage = { metric = "FreeStorageSpace", operator = "LessThanThreshold", threshold = 5368709120, says = "Temporal's database has less than 5 GiB left." }
    memory  = { metric = "FreeableMemory", operator = "LessThanThreshold", threshold = 268435456, says = "Temporal's database is short of memory." }
  } : {}
  alarm_name          = "${local.name}-database-${each.key}"
  alarm_description   = each.value.says
  namespace           = "AWS/RDS"
  metric_name         = each.value.metric
  dimensions          = { DBInstanceIdentifier = aws_db_instance.temporal[0].identifier }
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 3
  threshold           = each.value.threshold
  comparison_operator = each.value.operator
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_budgets_budget" "month" {
  name         = local.name
  budget_type  = "COST"
  limit_amount = tostring(var.monthly_budget_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
  cost_filter {
    name = "TagKeyValue"
    # The tag has to be activated once, in the billing console, as a cost allocation tag.
    values = [format("user:environment$%s", var.environment)]
  }
  notification {
    comparison_operator        = "GREATER_THAN"
    notification_type          = "ACTUAL"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = var.alarm_emails
  }
  notification {
    comparison_operator        = "GREATER_THAN"
    notification_type          = "FORECASTED"
    threshold                  = 100
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = var.alarm_emails
  }
}
