#!/usr/bin/env bash
# Takes an environment away: the fleet, its load balancer, all data in its bucket, its images, its infrastructure.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/fleet-common.sh"

usage() {
  cat << 'TEXT'
Usage: scripts/destroy.sh --env NAME [--bucket NAME] [--dry-run]

Destroys the environment of terraform/envs/NAME.tfvars, with all candles, models and manifests in its bucket and every former
version of them. Asks for the bucket's name first. Safe to run again where it was interrupted.

  --env NAME      environment
  --bucket NAME   the bucket's name, instead of typing it
  --dry-run       show the commands that would change something; needs no credentials and changes nothing

Stays: the bucket with Terraform's state, and for 30 days the KMS key, with it the last snapshot of Temporal's database.
A database with deletion_protection has to be released first: set it to false in the .tfvars, run scripts/deploy.sh.
TEXT
}

ENV_NAME='' GIVEN=''
while (($# > 0)); do
  case $1 in
    --env | --bucket)
      (($# > 1)) || fail "$1 needs a value (--help says more)"
      case $1 in --env) ENV_NAME=$2 ;; --bucket) GIVEN=$2 ;; esac
      shift
      ;;
    --dry-run) DRY_RUN=true ;;
    -h | --help)
      usage
      exit
      ;;
    *) fail "unknown option $1 (--help says more)" ;;
  esac
  shift
done
[[ $ENV_NAME ]] || fail "--env is missing (--help says more)"
read_environment "$ENV_NAME"
need terraform https://developer.hashicorp.com/terraform/install
need aws https://docs.aws.amazon.com/cli
need kubectl https://kubernetes.io/docs/tasks/tools
need_credentials

# As in terraform/locals.tf, so that it can be asked for before anything is touched.
BUCKET=candlecast-$ENVIRONMENT-store-$ACCOUNT
note "This destroys $ENVIRONMENT in account $ACCOUNT, with ALL DATA in bucket $BUCKET."
if [[ -z $GIVEN ]]; then
  $DRY_RUN || read -r -p "Type the bucket's name to go on: " GIVEN || true
  if $DRY_RUN; then GIVEN=$BUCKET; fi
fi
[[ $GIVEN == "$BUCKET" ]] || fail "that is not the bucket's name; nothing was destroyed"

begin_terraform
cluster=$(output cluster)
namespace=$(output kubernetes_namespace)
repository=$(output image_repository)

# The load balancer is made by the cluster, not by Terraform; left behind it would hold the VPC.
if $DRY_RUN || aws eks describe-cluster --region "$REGION" --name "$cluster" > /dev/null 2>&1; then
  run aws eks update-kubeconfig --region "$REGION" --name "$cluster" --alias "$CONTEXT"
  run kubectl --context "$CONTEXT" -n "$namespace" delete ingress --all --ignore-not-found --timeout=10m
  if $DRY_RUN || kubectl --context "$CONTEXT" get crd gateways.gateway.networking.k8s.io > /dev/null 2>&1; then
    run kubectl --context "$CONTEXT" -n "$namespace" delete gateways.gateway.networking.k8s.io --all --ignore-not-found --timeout=10m
  fi
  run kubectl --context "$CONTEXT" delete namespace "$namespace" --ignore-not-found --timeout=10m
fi

# Every version and every delete marker, a thousand at a time.
empty_bucket() {
  local batch
  while true; do
    # shellcheck disable=SC2016 # the backticks are JMESPath's
    batch=$(aws s3api list-object-versions --region "$REGION" --bucket "$BUCKET" --max-items 1000 \
      --query '{Objects: [Versions, DeleteMarkers][][].{Key: Key, VersionId: VersionId}, Quiet: `true`}' --output json)
    [[ $batch == *'"Key"'* ]] || return 0
    aws s3api delete-objects --region "$REGION" --bucket "$BUCKET" --delete "$batch" > /dev/null
  done
}
if $DRY_RUN; then
  echo "+ delete every version of every object in s3://$BUCKET"
elif aws s3api head-bucket --region "$REGION" --bucket "$BUCKET" > /dev/null 2>&1; then
  empty_bucket
fi

# The registry is deleted only when it is empty.
if $DRY_RUN; then
  echo "+ delete every image in $repository"
else
  while true; do
    images=$(aws ecr list-images --region "$REGION" --repository-name "${repository#*/}" --max-items 100 --query 'imageIds' --output json 2> /dev/null) || break
    [[ $images == *imageDigest* ]] || break
    aws ecr batch-delete-image --region "$REGION" --repository-name "${repository#*/}" --image-ids "$images" > /dev/null
  done
fi

run terraform -chdir="$ROOT/terraform" destroy -input=false -auto-approve -var-file="envs/$ENVIRONMENT.tfvars"
$DRY_RUN && { note "nothing was changed"; exit 0; }
note "$ENVIRONMENT is gone. Its state stays in s3://$STATE_BUCKET, which \`aws s3 rb\` deletes once no environment needs it."
