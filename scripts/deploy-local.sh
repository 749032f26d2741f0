#!/usr/bin/env bash
# Brings the whole system up on this machine: by Docker Compose, or as plain processes where there is no Docker. Safe to run again.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/fleet-common.sh"

usage() {
  cat << 'TEXT'
Usage: scripts/deploy-local.sh [--by compose|processes] [--workers N] [--monitoring] [--down] [--dry-run]

Builds the image and starts docker-compose.temporal.yml, waits until all of it is healthy, and prints the links. Makes .env
with random secrets where there is none. Without Docker it does what `npm start` does.

  --by WAY       compose or processes; by default compose where Docker with Compose answers
  --workers N    how many worker containers (default 1)
  --monitoring   Prometheus and Grafana, too
  --down         end and remove the containers; data and secrets stay
  --dry-run      show the commands that would change something

Needs Docker with Compose 2.24 or newer, or Node 20 or newer, Python 3 and Go.
TEXT
}

WAY='' WORKERS='' MONITORING=false DOWN=false
while (($# > 0)); do
  case $1 in
    --by | --workers)
      (($# > 1)) || fail "$1 needs a value (--help says more)"
      case $1 in --by) WAY=$2 ;; --workers) WORKERS=$2 ;; esac
      shift
      ;;
    --monitoring) MONITORING=true ;;
    --down) DOWN=true ;;
    --dry-run) DRY_RUN=true ;;
    -h | --help)
      usage
      exit
      ;;
    *) fail "unknown option $1 (--help says more)" ;;
  esac
  shift
done
[[ -z $WAY || $WAY =~ ^(compose|processes)$ ]] || fail "--by $WAY is none of compose, processes"
[[ -z $WORKERS || $WORKERS =~ ^[1-9][0-9]?$ ]] || fail "--workers $WORKERS is not a number from 1 to 99"

docker_answers() { docker info > /dev/null 2>&1 && docker compose version > /dev/null 2>&1; }
if [[ -z $WAY ]]; then
  if docker_answers; then WAY=compose; else WAY=processes; fi
  note "by $WAY"
fi

cd "$ROOT"
if [[ $WAY == processes ]]; then
  if $DOWN; then fail "processes end with the npm start that started them: press Ctrl-C there"; fi
  if [[ $WORKERS ]] || $MONITORING; then fail "--workers and --monitoring need Docker with Compose"; fi
  need node https://nodejs.org
  need npm https://nodejs.org
  run npm start
  exit
fi

need docker https://docs.docker.com/engine/install
$DRY_RUN || docker_answers || fail "Docker or its Compose plugin does not answer; is the daemon running? --by processes needs neither"
compose=(docker compose --file docker-compose.temporal.yml)
if $MONITORING; then compose+=(--profile monitoring); fi
if $DOWN; then
  run "${compose[@]}" --profile monitoring down
  exit
fi

# A new .env appears complete or not at all: its secrets are what the databases are made with.
if [[ ! -e .env ]]; then
  if $DRY_RUN; then
    note "would make .env of .env.example with random secrets"
  else
    (
      umask 077
      while IFS= read -r line; do
        [[ $line =~ ^[A-Z0-9_]+=$ ]] && line+=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
        printf '%s\n' "$line"
      done < .env.example > .env.new
    )
    mv .env.new .env
    note "made .env with random secrets"
  fi
fi
revision=$(git rev-parse HEAD 2> /dev/null || echo unknown)
up=(up --detach --wait --wait-timeout 180)
if [[ $WORKERS ]]; then up+=(--scale "worker=$WORKERS"); fi
run env CANDLECAST_REVISION="$revision" "${compose[@]}" build
run "${compose[@]}" "${up[@]}"
if $DRY_RUN; then exit; fi
port() { "${compose[@]}" port "$1" "$2"; }
cat << TEXT
API               http://$(port api 8000)
Temporal Web UI   http://$(port temporal-ui 8080)
First run         ${compose[*]} exec worker candlecast pipeline
TEXT
