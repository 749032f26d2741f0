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

# Policies name the key, so they are known after an apply (of mocks) only.
run "the_api_may_only_read" {
  command = apply

  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_role_policy.pod["api"].policy).Statement :
      alltrue([for action in flatten([s.Action]) : contains(["s3:GetObject", "s3:ListBucket", "kms:Decrypt"], action)])
    ])
    error_message = "the API may do more than read"
  }
  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.pod["api"].policy).Statement : s.Effect == "Allow" && alltrue([for resource in flatten([s.Resource]) : resource != "*"])])
    error_message = "the API's policy isn't bound to resources"
  }
}

run "the_worker_touches_its_prefix_only" {
  command = apply

  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_role_policy.pod["worker"].policy).Statement :
      contains([["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], ["s3:ListBucket"], ["kms:Decrypt", "kms:GenerateDataKey"]], flatten([s.Action]))
    ])
    error_message = "the worker may do something else than the four calls of the store"
  }
  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_role_policy.pod["worker"].policy).Statement :
      s.Resource == "arn:aws:s3:::candlecast-test-store-111122223333/main/*" if contains(flatten([s.Action]), "s3:PutObject")
    ])
    error_message = "the worker can write beside its prefix"
  }
  assert {
    condition = alltrue(flatten([
      for name in ["worker", "api"] : [
        for s in jsondecode(aws_iam_role_policy.pod[name].policy).Statement :
        s.Condition == { StringLikeIfExists = { "s3:prefix" = "main/*" } } && s.Resource == "arn:aws:s3:::candlecast-test-store-111122223333" if s.Action == "s3:ListBucket"
      ]
    ]))
    error_message = "listing isn't bound to the prefix"
  }
  assert {
    condition = alltrue(flatten([
      for name in ["worker", "api"] : [
        for s in jsondecode(aws_iam_role_policy.pod[name].policy).Statement :
        s.Condition == { StringEquals = { "kms:ViaService" = "s3.eu-central-1.amazonaws.com" } } && s.Resource == "arn:aws:kms:eu-central-1:111122223333:key/test" if startswith(flatten([s.Action])[0], "kms:")
      ]
    ]))
    error_message = "the key can be used for something else than S3"
  }
}

run "a_role_is_for_one_service_account_of_this_cluster" {
  command = apply

  assert {
    condition = alltrue([
      for name, role in aws_iam_role.pod : alltrue([
        for s in jsondecode(role.assume_role_policy).Statement :
        s.Principal == { Service = "pods.eks.amazonaws.com" } && s.Action == ["sts:AssumeRole", "sts:TagSession"] &&
        s.Condition.StringEquals["aws:RequestTag/eks-cluster-arn"] == "arn:aws:eks:eu-central-1:111122223333:cluster/candlecast-test" &&
        s.Condition.StringEquals["aws:RequestTag/kubernetes-namespace"] == aws_eks_pod_identity_association.pod[name].namespace &&
        s.Condition.StringEquals["aws:RequestTag/kubernetes-service-account"] == aws_eks_pod_identity_association.pod[name].service_account
      ])
    ])
    error_message = "a role can be taken by other pods"
  }
  assert {
    condition     = aws_eks_pod_identity_association.pod["worker"].service_account == "candlecast-worker" && aws_eks_pod_identity_association.pod["api"].service_account == "candlecast-api" && aws_eks_pod_identity_association.pod["api"].namespace == "candlecast"
    error_message = "the service accounts are not those of k8s/base"
  }
  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_role_policy.pod["cluster-autoscaler"].policy).Statement :
      s.Condition == { StringEquals = { "aws:ResourceTag/k8s.io/cluster-autoscaler/candlecast-test" = "owned" } } if contains(flatten([s.Action]), "autoscaling:SetDesiredCapacity")
    ])
    error_message = "the cluster autoscaler could scale other groups"
  }
  assert {
    condition     = !contains(keys(aws_iam_role.pod), "load-balancer")
    error_message = "a role without a policy was made"
  }
}

run "the_load_balancer_controller_gets_the_policy_that_is_given" {
  command = apply
  variables {
    load_balancer_controller_policy_arn = "arn:aws:iam::111122223333:policy/load-balancer-controller"
  }
  assert {
    condition     = aws_iam_role_policy_attachment.load_balancer[0].policy_arn == "arn:aws:iam::111122223333:policy/load-balancer-controller" && aws_eks_pod_identity_association.pod["load-balancer"].service_account == "aws-load-balancer-controller"
    error_message = "it has no role, or another policy"
  }
}
