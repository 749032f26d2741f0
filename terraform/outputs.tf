# What scripts/*.sh read.

output "region" {
  value = var.region
}

output "account_id" {
  value = var.account_id
}

output "bucket" {
  value = local.bucket
}

output "store_url" {
  value = "s3://${local.bucket}/${var.store_prefix}"
}

output "cluster" {
  value = local.cluster
}

output "kubernetes_namespace" {
  value = local.kubernetes_namespace
}

output "image_repository" {
  value = aws_ecr_repository.image.repository_url
}

output "vpc_cidr" {
  value = var.vpc_cidr
}

output "certificate_arn" {
  value = var.certificate_arn
}

output "overlay" {
  description = "Folder of k8s/overlays that fits."
  value       = local.self_hosted ? "aws" : "aws-temporal-cloud"
}

output "temporal_address" {
  value = local.self_hosted ? "temporal-frontend.temporal.svc.cluster.local:7233" : var.temporal_address
}

output "temporal_namespace" {
  value = var.temporal_namespace
}

output "temporal_database_address" {
  value = local.self_hosted ? aws_db_instance.temporal[0].endpoint : null
}

output "temporal_database_secret_arn" {
  value = local.self_hosted ? aws_db_instance.temporal[0].master_user_secret[0].secret_arn : null
}

output "alarm_topic" {
  value = aws_sns_topic.alarms.arn
}
