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

run "the_bucket_is_private_encrypted_and_keeps_versions" {
  command = plan

  assert {
    condition     = aws_s3_bucket.store.bucket == "candlecast-test-store-111122223333" && aws_s3_bucket.store.force_destroy == false
    error_message = "the bucket's name, or its protection against destruction with data in it"
  }
  assert {
    condition     = aws_s3_bucket_versioning.store.versioning_configuration[0].status == "Enabled"
    error_message = "replaced and deleted objects can't be restored"
  }
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.store.block_public_acls,
      aws_s3_bucket_public_access_block.store.block_public_policy,
      aws_s3_bucket_public_access_block.store.ignore_public_acls,
      aws_s3_bucket_public_access_block.store.restrict_public_buckets,
    ])
    error_message = "something of the bucket could be made public"
  }
  assert {
    condition     = one(aws_s3_bucket_ownership_controls.store.rule).object_ownership == "BucketOwnerEnforced"
    error_message = "access lists are in force"
  }
  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.store.rule :
      rule.bucket_key_enabled && rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"
    ])
    error_message = "objects aren't encrypted by the key of this environment"
  }
  assert {
    condition     = aws_kms_key.main.enable_key_rotation
    error_message = "the key isn't rotated"
  }
}

run "only_what_was_replaced_or_not_finished_expires" {
  command = apply

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_lifecycle_configuration.store.rule :
      rule.status == "Enabled" && alltrue([for expiration in rule.expiration : expiration.days == null || expiration.days == 0])
    ])
    error_message = "current objects would expire"
  }
  assert {
    condition     = anytrue([for rule in aws_s3_bucket_lifecycle_configuration.store.rule : length(rule.noncurrent_version_expiration) > 0 && try(rule.noncurrent_version_expiration[0].noncurrent_days == 30, false)])
    error_message = "old versions are kept for another time than noncurrent_days"
  }
  assert {
    condition     = anytrue([for rule in aws_s3_bucket_lifecycle_configuration.store.rule : length(rule.abort_incomplete_multipart_upload) > 0])
    error_message = "parts of unfinished uploads stay for ever"
  }
}

run "the_policy_refuses_plain_transport_and_unconditional_moves_of_the_pointer" {
  command = plan

  assert {
    condition = anytrue([
      for s in jsondecode(aws_s3_bucket_policy.store.policy).Statement :
      s.Effect == "Deny" && s.Principal == "*" && s.Action == "s3:*" && try(s.Condition.Bool["aws:SecureTransport"], "") == "false" &&
      length(setsubtract(["arn:aws:s3:::candlecast-test-store-111122223333", "arn:aws:s3:::candlecast-test-store-111122223333/*"], flatten([s.Resource]))) == 0
    ])
    error_message = "HTTP without TLS isn't refused"
  }
  assert {
    condition = anytrue([
      for s in jsondecode(aws_s3_bucket_policy.store.policy).Statement :
      s.Effect == "Deny" && s.Principal == "*" && s.Action == "s3:PutObject" &&
      flatten([s.Resource]) == ["arn:aws:s3:::candlecast-test-store-111122223333/main/manifests/latest.json"] &&
      try(s.Condition, null) == { Null = { "s3:if-match" = "true", "s3:if-none-match" = "true" } }
    ])
    error_message = "latest.json can be written without If-Match or If-None-Match"
  }
  assert {
    condition = anytrue([
      for s in jsondecode(aws_s3_bucket_policy.store.policy).Statement :
      s.Effect == "Deny" && s.Principal == "*" && s.Action == "s3:DeleteObject" && endswith(flatten([s.Resource])[0], "/main/manifests/latest.json") && !can(s.Condition)
    ])
    error_message = "latest.json can be deleted"
  }
  assert {
    condition     = alltrue([for s in jsondecode(aws_s3_bucket_policy.store.policy).Statement : s.Effect == "Deny"])
    error_message = "the bucket's policy lets somebody in"
  }
}
