# What pods may do in AWS, by EKS Pod Identity: a service account has a role, and only its pods get it.

locals {
  # Namespace and service account, as in k8s/base and in the charts.
  pod_roles = merge(
    {
      worker             = { namespace = local.kubernetes_namespace, service_account = "candlecast-worker", policy = local.worker_policy }
      api                = { namespace = local.kubernetes_namespace, service_account = "candlecast-api", policy = local.api_policy }
      cluster-autoscaler = { namespace = "kube-system", service_account = "cluster-autoscaler", policy = local.autoscaler_policy }
      logs               = { namespace = "amazon-cloudwatch", service_account = "cloudwatch-agent", policy = null }
    },
    var.load_balancer_controller_policy_arn == "" ? {} : {
      load-balancer = { namespace = "kube-system", service_account = "aws-load-balancer-controller", policy = null }
    },
  )

  list_statement = {
    Sid      = "List"
    Effect   = "Allow"
    Action   = "s3:ListBucket"
    Resource = local.bucket_arn
    # IfExists: for a GetObject of a missing key, which has no prefix, S3 looks at this permission too. Without it the answer
    # would be 403 instead of 404, and the code would take an empty store for one that it may not read.
    Condition = { StringLikeIfExists = { "s3:prefix" = "${var.store_prefix}/*" } }
  }

  api_policy = {
    Version = "2012-10-17"
    Statement = [
      local.list_statement,
      {
        Sid      = "Read"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${local.prefix_arn}/*"
      },
      {
        Sid       = "Decrypt"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = aws_kms_key.main.arn
        Condition = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }
      },
    ]
  }

  # The four calls of storage/object-store/s3-store.ts, in its prefix.
  worker_policy = {
    Version = "2012-10-17"
    Statement = [
      local.list_statement,
      {
        Sid      = "ReadAndWrite"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        Resource = "${local.prefix_arn}/*"
      },
      {
        Sid       = "EncryptAndDecrypt"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = aws_kms_key.main.arn
        Condition = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }
      },
    ]
  }

  autoscaler_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        # AWS knows no narrower resource for these.
        Sid    = "Look"
        Effect = "Allow"
        Action = [
          "autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingInstances", "autoscaling:DescribeLaunchConfigurations",
          "autoscaling:DescribeScalingActivities", "autoscaling:DescribeTags", "ec2:DescribeInstanceTypes", "ec2:DescribeLaunchTemplateVersions",
          "ec2:DescribeImages", "ec2:GetInstanceTypesFromInstanceRequirements",
        ]
        Resource = "*"
      },
      {
        Sid      = "LookAtNodeGroups"
        Effect   = "Allow"
        Action   = "eks:DescribeNodegroup"
        Resource = "arn:aws:eks:${var.region}:${var.account_id}:nodegroup/${local.cluster}/*/*"
      },
      {
        Sid       = "Scale"
        Effect    = "Allow"
        Action    = ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"]
        Resource  = "arn:aws:autoscaling:${var.region}:${var.account_id}:autoScalingGroup:*:autoScalingGroupName/*"
        Condition = { StringEquals = { "aws:ResourceTag/k8s.io/cluster-autoscaler/${local.cluster}" = "owned" } }
      },
    ]
  }
}

resource "aws_iam_role" "pod" {
  for_each = local.pod_roles
  name     = "${local.name}-${each.key}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "pods.eks.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Condition = {
        StringEquals = {
          "aws:RequestTag/eks-cluster-arn"            = local.cluster_arn
          "aws:RequestTag/kubernetes-namespace"       = each.value.namespace
          "aws:RequestTag/kubernetes-service-account" = each.value.service_account
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "pod" {
  for_each = { for name, role in local.pod_roles : name => role.policy if role.policy != null }
  name     = each.key
  role     = aws_iam_role.pod[each.key].id
  policy   = jsonencode(each.value)
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.pod["logs"].name
  policy_arn = "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"
}

resource "aws_iam_role_policy_attachment" "load_balancer" {
  count      = var.load_balancer_controller_policy_arn == "" ? 0 : 1
  role       = aws_iam_role.pod["load-balancer"].name
  policy_arn = var.load_balancer_controller_policy_arn
}

resource "aws_eks_pod_identity_association" "pod" {
  for_each        = local.pod_roles
  cluster_name    = aws_eks_cluster.main.name
  namespace       = each.value.namespace
  service_account = each.value.service_account
  role_arn        = aws_iam_role.pod[each.key].arn
}
