# What an environment says: envs/*.tfvars.

variable "account_id" {
  description = "The AWS account that everything is made in."
  type        = string
  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id has to be the twelve digits of an AWS account."
  }
}

variable "region" {
  description = "The AWS region."
  type        = string
  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region has to be the name of an AWS region, like eu-central-1."
  }
}

variable "environment" {
  description = "Name of the environment; part of every name."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.environment))
    error_message = "environment has to be 2 to 12 lower-case letters and digits, and begin with a letter."
  }
}

variable "store_prefix" {
  description = "Folder of the bucket that the store is in: STORE_URL is s3://BUCKET/PREFIX."
  type        = string
  default     = "main"
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,30}$", var.store_prefix))
    error_message = "store_prefix has to be 1 to 31 lower-case letters, digits and dashes."
  }
}

variable "noncurrent_days" {
  description = "Days for which a replaced or deleted object can be restored."
  type        = number
  default     = 30
  validation {
    condition     = var.noncurrent_days >= 7 && var.noncurrent_days <= 365
    error_message = "noncurrent_days has to be from 7 to 365."
  }
}

variable "vpc_cidr" {
  description = "Addresses of the VPC. Private ones (RFC 1918), since the manifests' network policies count on that."
  type        = string
  default     = "10.40.0.0/16"
  validation {
    condition     = can(cidrnetmask(var.vpc_cidr)) && can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)", var.vpc_cidr)) && can(regex("/(16|17|18|19|20)$", var.vpc_cidr))
    error_message = "vpc_cidr has to be a private block from /16 to /20, like 10.40.0.0/16."
  }
}

variable "zones" {
  description = "How many availability zones are used."
  type        = number
  default     = 2
  validation {
    condition     = contains([2, 3], var.zones)
    error_message = "zones has to be 2 or 3: EKS and RDS need two."
  }
}

variable "nat_per_zone" {
  description = "A NAT gateway in each zone (true), or one for all (false): cheaper, but its zone's loss cuts all pods off from the sources."
  type        = bool
  default     = false
}

variable "kubernetes_version" {
  description = "Of the EKS cluster. The manifests are checked against the schemas of 1.34."
  type        = string
  default     = "1.34"
  validation {
    condition     = can(regex("^1\\.(3[3-9]|[4-9][0-9])$", var.kubernetes_version))
    error_message = "kubernetes_version has to be 1.33 or newer."
  }
}

variable "cluster_endpoint_cidrs" {
  description = "Addresses from which the cluster's API can be reached over the internet; none: only from within the VPC."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for cidr in var.cluster_endpoint_cidrs : can(cidrnetmask(cidr)) && !endswith(cidr, "/0")])
    error_message = "cluster_endpoint_cidrs have to be address blocks, and none may be the whole internet."
  }
}

variable "cluster_admin_arns" {
  description = "IAM roles or users that administer the cluster; the one that runs Terraform is among them only if it is named here."
  type        = list(string)
  validation {
    condition     = length(var.cluster_admin_arns) > 0 && alltrue([for arn in var.cluster_admin_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/", arn))])
    error_message = "cluster_admin_arns has to name at least one IAM role or user by its ARN."
  }
}

variable "node_instance_types" {
  description = "Of the nodes. A cpu worker asks for 1 CPU and 1 GiB, of what the node keeps free."
  type        = list(string)
  default     = ["m7i-flex.large"]
  validation {
    condition     = length(var.node_instance_types) > 0 && alltrue([for type in var.node_instance_types : can(regex("^[a-z0-9-]+\\.[a-z0-9]+$", type))])
    error_message = "node_instance_types has to name at least one type, like m7i-flex.large."
  }
}

variable "node_count" {
  description = "Nodes: at least, at most; the cluster autoscaler moves between them."
  type        = object({ min = number, max = number })
  default     = { min = 2, max = 6 }
  validation {
    condition     = var.node_count.min >= 1 && var.node_count.max >= var.node_count.min && var.node_count.max <= 100
    error_message = "node_count needs 1 <= min <= max <= 100."
  }
}

variable "temporal_mode" {
  description = "Where Temporal runs: \"cloud\" (Temporal Cloud) or \"self-hosted\" (its Helm chart in the cluster, on an RDS PostgreSQL that is made here)."
  type        = string
  default     = "cloud"
  validation {
    condition     = contains(["cloud", "self-hosted"], var.temporal_mode)
    error_message = "temporal_mode has to be cloud or self-hosted."
  }
}

variable "temporal_address" {
  description = "HOST:PORT of Temporal Cloud, like eu-central-1.aws.api.temporal.io:7233."
  type        = string
  default     = ""
  validation {
    condition     = var.temporal_mode == "self-hosted" ? var.temporal_address == "" : can(regex("^[a-z0-9.-]+:[0-9]+$", var.temporal_address))
    error_message = "temporal_address has to be HOST:PORT with temporal_mode cloud, and empty with self-hosted."
  }
}

variable "temporal_namespace" {
  description = "Temporal's namespace; with Temporal Cloud NAMESPACE.ACCOUNT."
  type        = string
  default     = "candlecast"
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,62}$", var.temporal_namespace)) && (var.temporal_mode != "cloud" || can(regex("\\.", var.temporal_namespace)))
    error_message = "temporal_namespace has to be a name; with temporal_mode cloud it is NAMESPACE.ACCOUNT."
  }
}

variable "database" {
  description = "The PostgreSQL of a self-hosted Temporal."
  type = object({
    instance_class = optional(string, "db.t4g.medium")
    storage_gib    = optional(number, 20)
    max_gib        = optional(number, 100)
    multi_az       = optional(bool, true)
    backup_days    = optional(number, 14)
    # Set it to false, apply, then destroy.
    deletion_protection = optional(bool, true)
  })
  default = {}
  validation {
    condition     = var.database.storage_gib >= 20 && var.database.max_gib >= var.database.storage_gib && var.database.backup_days >= 1 && var.database.backup_days <= 35
    error_message = "database needs storage_gib >= 20, max_gib >= storage_gib, and backup_days from 1 to 35."
  }
}

variable "certificate_arn" {
  description = "ACM certificate of the API's host name, in the same region."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/", var.certificate_arn))
    error_message = "certificate_arn has to be the ARN of an ACM certificate."
  }
}

variable "load_balancer_controller_policy_arn" {
  description = "IAM policy of the AWS Load Balancer Controller, made from its release (docs/deployment.md). Empty: it gets no role."
  type        = string
  default     = ""
  validation {
    condition     = var.load_balancer_controller_policy_arn == "" || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:policy/", var.load_balancer_controller_policy_arn))
    error_message = "load_balancer_controller_policy_arn has to be the ARN of a policy of yours, or empty."
  }
}

variable "log_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 30
  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365], var.log_days)
    error_message = "log_days has to be one of 7, 14, 30, 60, 90, 180, 365."
  }
}

variable "alarm_emails" {
  description = "Addresses that get alarms and the budget's warnings. Each has to confirm by a mail from AWS."
  type        = list(string)
  validation {
    condition     = length(var.alarm_emails) > 0 && alltrue([for email in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "alarm_emails has to name at least one address."
  }
}

variable "monthly_budget_usd" {
  description = "What a month may cost; mails go out at 80 % of it, and when the forecast is above it."
  type        = number
  validation {
    condition     = var.monthly_budget_usd > 0
    error_message = "monthly_budget_usd has to be above 0."
  }
}
