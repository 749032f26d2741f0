# Values that can't be right are refused before anything is made.
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

run "an_account_is_twelve_digits" {
  command = plan
  variables {
    account_id = "1234"
  }
  expect_failures = [var.account_id]
}

run "the_cluster_is_not_open_to_the_internet" {
  command = plan
  variables {
    cluster_endpoint_cidrs = ["0.0.0.0/0"]
  }
  expect_failures = [var.cluster_endpoint_cidrs]
}

run "somebody_administers_the_cluster" {
  command = plan
  variables {
    cluster_admin_arns = []
  }
  expect_failures = [var.cluster_admin_arns]
}

run "addresses_are_private_ones" {
  command = plan
  variables {
    vpc_cidr = "52.0.0.0/16"
  }
  expect_failures = [var.vpc_cidr]
}

run "temporal_cloud_has_an_address" {
  command = plan
  variables {
    temporal_address = ""
  }
  expect_failures = [var.temporal_address]
}

run "temporal_clouds_namespace_names_the_account" {
  command = plan
  variables {
    temporal_namespace = "candlecast"
  }
  expect_failures = [var.temporal_namespace]
}

run "somebody_hears_of_alarms" {
  command = plan
  variables {
    alarm_emails = []
  }
  expect_failures = [var.alarm_emails]
}

run "there_is_a_budget" {
  command = plan
  variables {
    monthly_budget_usd = 0
  }
  expect_failures = [var.monthly_budget_usd]
}
