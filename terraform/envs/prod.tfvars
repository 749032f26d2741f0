# Three zones, Temporal by its Helm chart on an RDS PostgreSQL with a standby. Fill in what is in CAPITALS.
account_id  = "111122223333" # YOUR ACCOUNT
region      = "eu-central-1"
environment = "prod"

zones        = 3
nat_per_zone = true

cluster_admin_arns  = ["arn:aws:iam::111122223333:role/ADMIN"]
node_instance_types = ["m7i-flex.xlarge"]
node_count          = { min = 3, max = 8 }

temporal_mode = "self-hosted"
database      = { instance_class = "db.t4g.medium", storage_gib = 50, max_gib = 200 }

certificate_arn    = "arn:aws:acm:eu-central-1:111122223333:certificate/CERTIFICATE"
log_days           = 90
alarm_emails       = ["ONCALL@example.com"]
monthly_budget_usd = 1200
