import { isGrpcServiceError } from "@temporalio/client";
import { connectTemporal, type TemporalAccess } from "../../dev/temporal/connect.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { WORKFLOW_TYPES } from "../../workflows/contract.ts";
import type { CommandBody, Invocation } from "../command.ts";
import { type ReplayedRun, replayRecent, replayRun } from "../runs/replay-run.ts";
import { UsageError } from "../usage-error.ts";
import { numberOrText } from "./read-options.ts";

const NOT_FOUND = 5;
const MOST = 1000;

export const replayCommand: CommandBody = {
  examples: ["replay <workflowId>", "replay --recent 50"],
  details: `Fetches the history of a run and replays it with the workflows of this code. Exits with 0 if they would make the same
decisions, else with 1. A pipeline's children are separate runs: <workflowId>/BTC.
With --recent it replays the newest closed and the newest running runs of each workflow type. Do this with new code before
you start workers with it.

Examples:
  candlecast replay pipeline-2026-01-31T00:10:00.000Z
  candlecast replay --recent 50`,
  argument: { syntax: "[workflowId]", description: "as shown by the Web UI and `candlecast status`" },
  options: [
    { flags: "--run-id <id>", description: "one of several runs with this workflow id (default: the latest)" },
    { flags: "--recent <number>", description: "how many closed and how many running runs of each workflow type" },
  ],
  async run(invocation) {
    const { args, options, env, output, signal } = invocation;
    const settings = parseSettings(env);
    const recent = recentCount(options.recent);
    if ((args.length === 0) === (recent === null)) throw new UsageError("give either a workflow id or --recent <number>");
    const access = await connectTemporal({ settings, env, onNote: output.note, worker: false, signal });
    try {
      const built = settings.workflowBundle;
      return recent === null ? await one(access, invocation, built) : await many(access, { each: recent, built }, invocation);
    } finally {
      await access.close();
    }
  },
};

function recentCount(option: string | boolean | undefined): number | null {
  if (option === undefined) return null;
  const count = numberOrText(String(option));
  if (typeof count !== "number" || !Number.isInteger(count) || count < 1 || count > MOST)
    throw new UsageError(`--recent is ${count}, but should be a whole number from 1 to ${MOST}`);
  return count;
}

async function one(access: TemporalAccess, { args, options, output }: Invocation, built: string | null): Promise<number> {
  const [workflowId] = args;
  try {
    const runId = typeof options.runId === "string" ? options.runId : undefined;
    const outcome = await replayRun(access.client, { workflowId, runId }, built);
    const sentence = outcome.deterministic
      ? `${workflowId} replays with this code: all ${outcome.events} events match.`
      : `${workflowId} does not replay with this code: ${outcome.reason}`;
    output.out(options.json === true ? JSON.stringify({ workflowId, ...outcome }, null, 2) : sentence);
    return outcome.deterministic ? 0 : 1;
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === NOT_FOUND)
      throw new Error(`there is no run ${workflowId} in namespace ${access.namespace}`, { cause: error });
    throw error;
  }
}

interface ManyRuns {
  /** How many closed and how many running runs of each type. */
  readonly each: number;
  /** The file of bundled workflows, or null. */
  readonly built: string | null;
}

async function many({ client }: TemporalAccess, { each, built }: ManyRuns, { options, output }: Invocation): Promise<number> {
  const json = options.json === true;
  const types = Object.values(WORKFLOW_TYPES);
  const runs = await replayRecent(client, { types, each, code: built, onRun: (run) => !json && output.out(replayLine(run)) });
  const broken = runs.filter(({ deterministic }) => !deterministic);
  if (json) output.out(JSON.stringify({ replayed: runs.length, broken: broken.length, runs }, null, 2));
  else {
    const counts = types.map((type) => `${runs.filter((run) => run.type === type).length} ${type}`).join(", ");
    output.out(`${runs.length - broken.length} of ${runs.length} runs replay with this code (${counts})`);
  }
  return broken.length === 0 ? 0 : 1;
}

function replayLine(run: ReplayedRun): string {
  const outcome = run.deterministic ? "ok    " : "BROKEN";
  return `${outcome}  ${run.status.padEnd(10)} ${String(run.events).padStart(5)} events  ${run.workflowId}${run.deterministic ? "" : `\n  ${run.reason}`}`;
}
