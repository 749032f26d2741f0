#!/usr/bin/env bash
# Deploys to AWS: infrastructure, image, manifests. Safe to run again; each step finds what is already there.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/fleet-common.sh"

usage() {
  cat << 'TEXT'
Usage: scripts/deploy.sh --env NAME [--tag TAG] [--only infrastructure|image|manifests] [--yes] [--dry-run]

Deploys what is checked out to the environment of terraform/envs/NAME.tfvars:
  infrastructure   the bucket for Terraform's state, then `terraform apply` of a plan that you see first
  image            builds and pushes it, unless the registry has its tag
  manifests        the overlay of k8s/ that fits, with Terraform's outputs; waits until the workers are up

  --env NAME   environment
  --tag TAG    of the image (default: the commit); a tag that is in the registry is rolled out without a build, so an
               older one is a roll-back
  --only STEP  one of the steps
  --yes        don't ask before Terraform changes something
  --dry-run    show the commands that would change something; needs no credentials and changes nothing

Needs terraform, aws, kubectl, docker and git, AWS credentials, and once per cluster what docs/deployment.md lists.
TEXT
}

ENV_NAME='' TAG='' ONLY='' YES=false
while (($# > 0)); do
  case $1 in
    --env | --tag | --only)
      (($# > 1)) || fail "$1 needs a value (--help says more)"
      case $1 in --env) ENV_NAME=$2 ;; --tag) TAG=$2 ;; --only) ONLY=$2 ;; esac
      shift
      ;;
    --yes) YES=true ;;
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
[[ -z $ONLY || $ONLY =~ ^(infrastructure|image|manifests)$ ]] || fail "--only $ONLY is none of infrastructure, image, manifests"
wanted() { [[ -z $ONLY || $ONLY == "$1" ]]; }

read_environment "$ENV_NAME"
need terraform https://developer.hashicorp.com/terraform/install
need aws https://docs.aws.amazon.com/cli
need git https://git-scm.com
if wanted image; then need docker https://docs.docker.com/engine/install; fi
if wanted manifests; then need kubectl https://kubernetes.io/docs/tasks/tools; fi
need_credentials

# A tag is a promise of what is in the image, so uncommitted changes need one of their own.
if [[ -z $TAG ]]; then
  TAG=$(git -C "$ROOT" rev-parse --short=12 HEAD)
  if ! $DRY_RUN && wanted image && [[ -n $(git -C "$ROOT" status --porcelain) ]]; then
    fail "there are uncommitted changes, so the commit doesn't say what the image holds; commit them or give --tag"
  fi
fi
[[ $TAG =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ && $TAG != latest ]] || fail "--tag $TAG is no usable tag"

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

infrastructure() {
  if $DRY_RUN || ! aws s3api head-bucket --bucket "$STATE_BUCKET" > /dev/null 2>&1; then
    note "making the bucket for Terraform's state, $STATE_BUCKET"
    local place=()
    [[ $REGION == us-east-1 ]] || place=(--create-bucket-configuration "LocationConstraint=$REGION")
    run aws s3api create-bucket --bucket "$STATE_BUCKET" --region "$REGION" "${place[@]}"
  fi
  run aws s3api put-bucket-versioning --bucket "$STATE_BUCKET" --versioning-configuration Status=Enabled
  run aws s3api put-public-access-block --bucket "$STATE_BUCKET" \
    --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
  begin_terraform
  run terraform -chdir="$ROOT/terraform" plan -input=false -var-file="envs/$ENVIRONMENT.tfvars" -out="$WORK/plan"
  confirm "Apply this plan to $ENVIRONMENT in account $ACCOUNT?"
  run terraform -chdir="$ROOT/terraform" apply -input=false "$WORK/plan"
}

image() {
  local repository
  repository=$(output image_repository)
  if ! $DRY_RUN && aws ecr describe-images --region "$REGION" --repository-name "${repository#*/}" --image-ids "imageTag=$TAG" > /dev/null 2>&1; then
    note "$repository:$TAG is in the registry already"
    return
  fi
  # The nodes are x86-64, whatever this machine is.
  run docker build --platform linux/amd64 --tag "$repository:$TAG" --build-arg "REVISION=$(git -C "$ROOT" rev-parse HEAD)" "$ROOT"
  if $DRY_RUN; then
    echo "+ aws ecr get-login-password --region $REGION | docker login --username AWS --password-stdin ${repository%%/*}"
  else
    aws ecr get-login-password --region "$REGION" | docker login --username AWS --password-stdin "${repository%%/*}"
  fi
  run docker push "$repository:$TAG"
}

# The overlay, with Terraform's outputs in a copy of k8s/.
render() {
  local overlay=$1 folder=$WORK/k8s
  cp -r "$ROOT/k8s" "$folder"
  {
    echo "STORE_URL=$(output store_url)"
    echo "AWS_REGION=$REGION"
    echo "TEMPORAL_ADDRESS=$(output temporal_address)"
    echo "TEMPORAL_NAMESPACE=$(output temporal_namespace)"
  } > "$folder/overlays/$overlay/settings.env"
  {
    echo "VPC_CIDR=$(output vpc_cidr)"
    echo "CERTIFICATE_ARN=$(output certificate_arn)"
  } > "$folder/overlays/$overlay/place.env"
  mkdir "$folder/overlays/deploy"
  cat > "$folder/overlays/deploy/kustomization.yaml" << YAML
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../$overlay]
images:
  - { name: candlecast, newName: $(output image_repository), newTag: "$TAG" }
YAML
}

# need_kind NAME WHAT: a custom kind that the overlay uses.
need_kind() {
  $DRY_RUN || kubectl --context "$CONTEXT" get crd "$1" > /dev/null 2>&1 || fail "the cluster has no $2; docs/deployment.md, 'Once per cluster', installs it"
}

manifests() {
  local overlay namespace kube=(kubectl --context "$CONTEXT")
  if $DRY_RUN; then
    overlay=aws-temporal-cloud
    [[ $(value_of temporal_mode "$VARIABLES") == self-hosted ]] && overlay=aws
  else
    overlay=$(output overlay)
  fi
  namespace=$(output kubernetes_namespace)
  run aws eks update-kubeconfig --region "$REGION" --name "$(output cluster)" --alias "$CONTEXT"
  if ! $DRY_RUN; then
    "${kube[@]}" get namespaces > /dev/null || fail "the cluster can't be reached; is this address in cluster_endpoint_cidrs of $ENVIRONMENT.tfvars, or are you in its network?"
  fi
  if [[ $overlay == aws ]]; then
    need_kind scaledobjects.keda.sh KEDA
  else
    need_kind workerdeployments.temporal.io "Temporal Worker Controller"
    need_kind httproutes.gateway.networking.k8s.io "Gateway API"
  fi
  run "${kube[@]}" apply -f "$ROOT/k8s/base/namespace.yaml"
  if ! $DRY_RUN && [[ $overlay == aws-temporal-cloud ]]; then
    "${kube[@]}" -n "$namespace" get secret candlecast-temporal > /dev/null 2>&1 ||
      fail "there is no Secret candlecast-temporal with the key of Temporal Cloud; k8s/temporal/README.md has the command"
  fi
  render "$overlay"
  # A Job can't be changed, only made again.
  run "${kube[@]}" -n "$namespace" delete job candlecast-prepare-temporal --ignore-not-found
  run "${kube[@]}" apply -k "$WORK/k8s/overlays/deploy"
  run "${kube[@]}" -n "$namespace" wait --for=condition=complete job/candlecast-prepare-temporal --timeout=10m
  if [[ $overlay == aws ]]; then
    local kind
    for kind in workflow cpu sources; do run "${kube[@]}" -n "$namespace" rollout status "deployment/candlecast-worker-$kind" --timeout=10m; done
    run "${kube[@]}" -n "$namespace" exec deployment/candlecast-worker-workflow -- candlecast schedule create
  else
    note "the Worker Controller ramps $TAG up by its steps; watch: kubectl --context $CONTEXT -n $namespace get workerdeployment candlecast --watch"
    note "then, once: kubectl --context $CONTEXT -n $namespace exec deployment/<one of its Deployments> -- candlecast schedule create"
  fi
  note "The API is ready once a run has published: scripts/monitor.sh --env $ENVIRONMENT"
}

if wanted infrastructure; then
  infrastructure
else
  begin_terraform
fi
if wanted image; then image; fi
if wanted manifests; then manifests; fi
