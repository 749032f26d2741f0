# What deploy.sh, destroy.sh and monitor.sh share. Sourced, not run.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
DRY_RUN=false
# The account in the examples of terraform/envs.
EXAMPLE_ACCOUNT=111122223333

note() { printf '%s\n' "$*" >&2; }

fail() {
  note "$(basename "$0"): $*"
  exit 1
}

# Commands that change something: run, or with --dry-run only shown.
run() {
  if $DRY_RUN; then
    printf '+'
    printf ' %q' "$@"
    printf '\n'
  else
    "$@"
  fi
}

# need TOOL WHERE_FROM: with --dry-run a missing tool is only noted.
need() {
  command -v "$1" > /dev/null && return
  if $DRY_RUN; then
    note "$1 is not installed ($2); a real run needs it"
  else
    fail "$1 is not installed; get it from $2"
  fi
}

# value_of NAME FILE: a text of a .tfvars file.
value_of() { sed -n "s/^$1 *= *\"\([^\"]*\)\".*/\1/p" "$2"; }

# read_environment NAME: sets ENVIRONMENT, VARIABLES, ACCOUNT, REGION, STATE_BUCKET, CONTEXT.
read_environment() {
  ENVIRONMENT=$1
  VARIABLES=$ROOT/terraform/envs/$ENVIRONMENT.tfvars
  [[ $ENVIRONMENT =~ ^[a-z][a-z0-9]*$ ]] || fail "--env $ENVIRONMENT is not the name of an environment"
  [[ -f $VARIABLES ]] || fail "there is no terraform/envs/$ENVIRONMENT.tfvars; copy dev.tfvars and fill it in"
  ACCOUNT=$(value_of account_id "$VARIABLES")
  REGION=$(value_of region "$VARIABLES")
  STATE_BUCKET=candlecast-terraform-state-$ACCOUNT
  # shellcheck disable=SC2034 # for the scripts that source this
  CONTEXT=candlecast-$ENVIRONMENT
  [[ $ACCOUNT && $REGION ]] || fail "terraform/envs/$ENVIRONMENT.tfvars has no account_id or no region"
  if ! $DRY_RUN && [[ $ACCOUNT == "$EXAMPLE_ACCOUNT" ]]; then
    fail "terraform/envs/$ENVIRONMENT.tfvars still has the example account $EXAMPLE_ACCOUNT; fill in what is in CAPITALS"
  fi
}

# Whether AWS takes the credentials, and whether they are of the environment's account.
need_credentials() {
  $DRY_RUN && return
  local found
  found=$(aws sts get-caller-identity --query Account --output text 2>&1) ||
    fail "AWS takes no credentials (${found##*: }); set AWS_PROFILE, or run \`aws sso login\`"
  [[ $found == "$ACCOUNT" ]] || fail "the credentials are of account $found, but $ENVIRONMENT is in $ACCOUNT; set AWS_PROFILE"
}

in_terraform() { terraform -chdir="$ROOT/terraform" "$@"; }

begin_terraform() {
  run terraform -chdir="$ROOT/terraform" init -input=false -reconfigure \
    -backend-config="envs/$ENVIRONMENT.s3.tfbackend" -backend-config="bucket=$STATE_BUCKET" -backend-config="region=$REGION"
}

# output NAME: of Terraform; with --dry-run a placeholder.
output() {
  if $DRY_RUN; then
    printf '<%s>' "$1"
  else
    in_terraform output -raw "$1" 2> /dev/null ||
      fail "Terraform's state of $ENVIRONMENT has no output $1; has scripts/deploy.sh --env $ENVIRONMENT been run?"
  fi
}

# confirm QUESTION: yes by default with --yes.
confirm() {
  if $DRY_RUN || ${YES:-false}; then return; fi
  local answer
  read -r -p "$1 [y/N] " answer || true
  [[ $answer == y || $answer == Y ]] || fail "stopped; nothing more was changed"
}
