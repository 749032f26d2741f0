terraform {
  # use_lockfile of the S3 backend is stable from 1.11.
  required_version = ">= 1.11.0, < 2.0.0"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
  # Bucket by scripts/deploy.sh, the rest by envs/*.s3.tfbackend.
  backend "s3" {}
}

provider "aws" {
  region = var.region
  # A profile of another account stops here, before anything is made.
  allowed_account_ids = [var.account_id]
  default_tags {
    tags = {
      project     = "candlecast"
      environment = var.environment
      managed-by  = "terraform"
    }
  }
}
