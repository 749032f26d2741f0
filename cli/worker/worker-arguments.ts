import { parseArgs } from "node:util";
import { QUEUE_KINDS, type QueueKind } from "../../activities/task-queues.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";

export const WORKER_HELP = `Usage: node worker.ts [--queues <kinds>]

Polls Temporal's task queues of the given kinds, separated by commas; without --queues all of them:
  workflow   workflows, and their short steps on the store
  cpu        training and evaluation; as many steps at a time as there are cores
  sources    requests for candles, one queue per source; its rate limit holds over all workers (also called io)

The settings come from the environment; \`npx candlecast doctor\` shows them. The worker connects to Temporal with the address,
TLS certificates and API key of the environment or of a Temporal profile (TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE); where
neither names an address, to 127.0.0.1:7233. Only the worker reads these:
  WORKER_BUILD_ID         makes this a versioned worker: it gets runs once this build is current or ramping
  WORKER_DEPLOYMENT_NAME  the deployment that the build belongs to (default: candlecast)
  WORKFLOW_BUNDLE         a file with the bundled workflows, so that they aren't bundled at each start
  WORKER_HEALTH_ADDRESS   IP:PORT that answers GET /live and GET /ready (default: none)
  WORKER_METRICS_ADDRESS  IP:PORT at which Prometheus scrapes /metrics (default: none)
docs/operations.md explains how to roll out a new build.
`;

/** @throws {TypeError} if an option is unknown */
export function parseWorkerArguments(args: readonly string[]): { readonly queues: readonly QueueKind[]; readonly help: boolean } {
  const { values } = parseArgs({ args: [...args], options: { queues: { type: "string" }, help: { type: "boolean", short: "h" } } });
  return { queues: parseQueues(values.queues), help: values.help === true };
}

/** @throws {InvalidInputError} if a kind is unknown */
export function parseQueues(text: string | undefined): readonly QueueKind[] {
  if (text === undefined) return QUEUE_KINDS;
  const kinds = text
    .split(",")
    .map((kind) => kind.trim().toLowerCase())
    .filter(Boolean)
    .map((kind) => (kind === "io" ? "sources" : kind));
  const unknown = kinds.find((kind) => !(QUEUE_KINDS as readonly string[]).includes(kind));
  if (unknown !== undefined || kinds.length === 0)
    throw new InvalidInputError(`--queues is ${JSON.stringify(text)}, but should be a list of ${QUEUE_KINDS.join(", ")}`);
  return QUEUE_KINDS.filter((kind) => kinds.includes(kind));
}
