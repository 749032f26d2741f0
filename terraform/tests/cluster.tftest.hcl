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

run "the_cluster_is_closed_encrypted_and_logged" {
  command = plan

  assert {
    condition     = aws_eks_cluster.main.vpc_config[0].endpoint_private_access && !aws_eks_cluster.main.vpc_config[0].endpoint_public_access
    error_message = "the cluster's API is public without an address that was named"
  }
  assert {
    condition     = contains(aws_eks_cluster.main.encryption_config[0].resources, "secrets")
    error_message = "Kubernetes' secrets aren't encrypted by the key"
  }
  assert {
    condition     = aws_eks_cluster.main.access_config[0].authentication_mode == "API" && !aws_eks_cluster.main.access_config[0].bootstrap_cluster_creator_admin_permissions
    error_message = "administrators aren't only those that are named"
  }
  assert {
    condition     = length(setsubtract(["api", "audit", "authenticator"], aws_eks_cluster.main.enabled_cluster_log_types)) == 0
    error_message = "who did what isn't logged"
  }
  assert {
    condition     = aws_launch_template.node.metadata_options[0].http_tokens == "required" && aws_launch_template.node.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "pods can take the node's role"
  }
  assert {
    condition     = tostring(aws_launch_template.node.block_device_mappings[0].ebs[0].encrypted) == "true"
    error_message = "disks of the nodes aren't encrypted"
  }
  assert {
    condition     = jsondecode(aws_eks_addon.before_nodes["vpc-cni"].configuration_values).enableNetworkPolicy == "true"
    error_message = "network policies are stored, and not enforced"
  }
  assert {
    condition     = contains(keys(aws_eks_addon.before_nodes), "eks-pod-identity-agent")
    error_message = "pods get no roles"
  }
  assert {
    condition     = alltrue([for subnet in aws_subnet.public : !subnet.map_public_ip_on_launch])
    error_message = "machines would get public addresses"
  }
  assert {
    condition     = length(aws_default_security_group.closed.ingress) == 0 && length(aws_default_security_group.closed.egress) == 0
    error_message = "the default security group lets something through"
  }
  assert {
    condition     = aws_flow_log.refused.traffic_type == "REJECT"
    error_message = "refused traffic isn't logged"
  }
}

run "the_api_of_the_cluster_is_open_to_named_addresses_only" {
  command = plan
  variables {
    cluster_endpoint_cidrs = ["203.0.113.7/32"]
  }
  assert {
    condition     = aws_eks_cluster.main.vpc_config[0].endpoint_public_access && aws_eks_cluster.main.vpc_config[0].public_access_cidrs == toset(["203.0.113.7/32"])
    error_message = "it is open to others"
  }
}

run "each_zone_has_a_gateway_where_that_is_asked_for" {
  command = plan
  variables {
    zones        = 3
    nat_per_zone = true
  }
  assert {
    condition     = length(aws_nat_gateway.main) == 3 && length(aws_subnet.private) == 3
    error_message = "a zone has no gateway of its own"
  }
}

run "images_can_not_be_replaced_and_are_scanned" {
  command = plan

  assert {
    condition     = aws_ecr_repository.image.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.image.image_scanning_configuration[0].scan_on_push && aws_ecr_repository.image.encryption_configuration[0].encryption_type == "KMS" && !aws_ecr_repository.image.force_delete
    error_message = "a tag could be moved, or an image isn't scanned or encrypted"
  }
}

run "logs_end_alarms_reach_somebody_and_there_is_a_budget" {
  command = plan

  assert {
    condition     = alltrue([for group in concat([aws_cloudwatch_log_group.flow, aws_cloudwatch_log_group.cluster], values(aws_cloudwatch_log_group.containers)) : group.retention_in_days == 30])
    error_message = "a log is kept for ever"
  }
  assert {
    condition     = alltrue([for subscription in aws_sns_topic_subscription.alarms : subscription.protocol == "email" && subscription.endpoint == "oncall@example.com"])
    error_message = "nobody hears of alarms"
  }
  assert {
    condition     = aws_budgets_budget.month.limit_amount == "100" && length(aws_budgets_budget.month.notification) == 2
    error_message = "there is no budget, or nobody is told"
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.worker) == 2
    error_message = "a worker that stands still sets no alarm off"
  }
}
