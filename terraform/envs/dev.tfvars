# A small environment on Temporal Cloud. Fill in what is in CAPITALS.
account_id  = "111122223333" # YOUR ACCOUNT
region      = "eu-central-1"
environment = "dev"

cluster_admin_arns     = ["arn:aws:iam::111122223333:role/ADMIN"]
cluster_endpoint_cidrs = ["203.0.113.7/32"] # YOUR ADDRESS
node_instance_types    = ["m7i-flex.large"]
node_count             = { min = 2, max = 4 }

temporal_mode      = "cloud"
temporal_address   = "eu-central-1.aws.api.temporal.io:7233"
temporal_namespace = "candlecast-dev.account"

certificate_arn    = "arn:aws:acm:eu-central-1:111122223333:certificate/CERTIFICATE"
log_days           = 14
noncurrent_days    = 14
alarm_emails       = ["YOU@example.com"]
monthly_budget_usd = 450
