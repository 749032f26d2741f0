import { isGrpcServiceError } from "@temporalio/client";
import { parseSettings } from "../../core/settings/parse-settings.ts";
import type { Command } from "../command.ts";
import { replayRun } from "../runs/replay-run.ts";
import { connectTemporal } from "../temporal/connect.ts";

const NOT_FOUND = 5;

export const replayCommand: Command = {
  name: "replay",
  summary: "is a run's history still deterministic under this code?",
  details: `Fetches the history of a run and plays it against the workflows as they are now. Ends with 0 if the code still
explains every step of it, else with 1. A pipeline's children are runs of their own: <workflowId>/BTC.

Example:
  candlecast replay pipeline-2026-01-31T00:10:00.000Z`,
  argument: { syntax: "<workflowId>", description: "as the Web UI and `status` show it" },
  options: [{ flags: "--run-id <id>", description: "one run of several with this workflow id (default: the latest)" }],
  async run({ args, options, env, output, signal }) {
    const settings = parseSettings(env);
    const [workflowId] = args;
    const access = await connectTemporal({ settings, env, onNote: output.note, worker: false, signal });
    try {
      const runId = typeof options.runId === "string" ? options.runId : undefined;
      const outcome = await replayRun(access.client, workflowId, runId);
      const sentence = outcome.deterministic
        ? `${workflowId} is deterministic: this code explains all ${outcome.events} events.`
        : `${workflowId} is no longer deterministic under this code: ${outcome.reason}`;
      output.out(options.json === true ? JSON.stringify({ workflowId, ...outcome }, null, 2) : sentence);
      return outcome.deterministic ? 0 : 1;
    } catch (error) {
      if (isGrpcServiceError(error) && error.code === NOT_FOUND)
        throw new Error(`there is no run ${workflowId} in namespace ${access.namespace}`, { cause: error });
      throw error;
    } finally {
      await access.close();
    }
  },
};
