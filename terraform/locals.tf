locals {
  name = "candlecast-${var.environment}"

  # ARNs are built from names, so that policies can be read, and tested, before anything exists.
  arn_root = "arn:aws:iam::${var.account_id}:root"

  bucket      = "${local.name}-store-${var.account_id}"
  bucket_arn  = "arn:aws:s3:::${local.bucket}"
  prefix_arn  = "${local.bucket_arn}/${var.store_prefix}"
  pointer_arn = "${local.prefix_arn}/manifests/latest.json" # POINTER_KEY of the code

  cluster     = local.name
  cluster_arn = "arn:aws:eks:${var.region}:${var.account_id}:cluster/${local.cluster}"

  # As in k8s/base.
  kubernetes_namespace = "candlecast"

  self_hosted = var.temporal_mode == "self-hosted"
}
