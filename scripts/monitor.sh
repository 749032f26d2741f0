#!/usr/bin/env bash
# Says how a deployment is: what `candlecast status` says in it, its pods and autoscalers, and alarms that are on.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/fleet-common.sh"

usage() {
  cat << 'TEXT'
Usage: scripts/monitor.sh (--env NAME | --context CONTEXT) [--namespace NAMESPACE] [--json] [--dry-run]

Shows pods and autoscalers, and runs `candlecast status` in a worker: last runs, failures with reasons, freshness of candles
and manifest. Ends with 1 if a pod isn't ready, no worker runs, or the status can't be had.

  --env NAME         environment of terraform/envs; also shows CloudWatch alarms that are on
  --context CONTEXT  of kubectl, for a cluster that Terraform didn't make
  --namespace NAME   default candlecast
  --json             only what `candlecast status --json` prints
  --dry-run          show the commands
TEXT
}

ENV_NAME='' CONTEXT='' NAMESPACE=candlecast JSON=false
while (($# > 0)); do
  case $1 in
    --env | --context | --namespace)
      (($# > 1)) || fail "$1 needs a value (--help says more)"
      case $1 in --env) ENV_NAME=$2 ;; --context) CONTEXT=$2 ;; --namespace) NAMESPACE=$2 ;; esac
      shift
      ;;
    --json) JSON=true ;;
    --dry-run) DRY_RUN=true ;;
    -h | --help)
      usage
      exit
      ;;
    *) fail "unknown option $1 (--help says more)" ;;
  esac
  shift
done
[[ $ENV_NAME || $CONTEXT ]] || fail "--env or --context is missing (--help says more)"
need kubectl https://kubernetes.io/docs/tasks/tools
if [[ $ENV_NAME ]]; then
  given=$CONTEXT
  read_environment "$ENV_NAME"
  CONTEXT=${given:-$CONTEXT}
  need aws https://docs.aws.amazon.com/cli
  need_credentials
fi
kube=(kubectl --context "$CONTEXT" -n "$NAMESPACE")

if $DRY_RUN; then
  run "${kube[@]}" get pods,hpa --output wide
  run "${kube[@]}" get pods --selector candlecast/role=worker --field-selector status.phase=Running --output 'jsonpath={.items[0].metadata.name}'
  run "${kube[@]}" exec "<worker>" -- candlecast status
  [[ -z $ENV_NAME ]] || run aws cloudwatch describe-alarms --region "$REGION" --alarm-name-prefix "candlecast-$ENV_NAME-" --state-value ALARM
  exit
fi

"${kube[@]}" get pods > /dev/null || fail "the cluster of context $CONTEXT can't be reached; scripts/deploy.sh --env NAME --only manifests sets the context up"
worker=$("${kube[@]}" get pods --selector candlecast/role=worker --field-selector status.phase=Running --output 'jsonpath={.items[0].metadata.name}' 2> /dev/null) || worker=''
[[ $worker ]] || fail "no worker runs in namespace $NAMESPACE; see: ${kube[*]} get pods"
if $JSON; then
  exec "${kube[@]}" exec "$worker" -- candlecast status --json
fi

healthy=true
echo "== pods"
"${kube[@]}" get pods --output wide
unready=$("${kube[@]}" get pods --output 'jsonpath={range .items[*]}{.metadata.name}{" "}{.status.phase}{" "}{.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}' |
  awk '$2 != "Succeeded" && $3 != "True" { print $1 }')
if [[ $unready ]]; then
  healthy=false
  echo "not ready: $unready"
fi
echo "== autoscalers"
"${kube[@]}" get hpa
echo "== status, asked in $worker"
"${kube[@]}" exec "$worker" -- candlecast status || healthy=false
if [[ $ENV_NAME ]]; then
  echo "== alarms that are on"
  aws cloudwatch describe-alarms --region "$REGION" --alarm-name-prefix "candlecast-$ENV_NAME-" --state-value ALARM \
    --query 'MetricAlarms[].[AlarmName,AlarmDescription]' --output text
fi
$healthy
