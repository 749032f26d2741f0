import { pause } from "../../dev/processes/pause.ts";
import { type Claim, claimStateDir, type RunFile } from "../../dev/processes/run-file.ts";
import { type Stack, startStack } from "../../dev/stack.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import type { Settings } from "../../settings/settings.ts";
import { makeStoreFolder } from "../../storage/object-store/open-store.ts";
import type { CommandBody, Output } from "../command.ts";
import { pipelineExitCode, summaryLines } from "../runs/run-summary.ts";
import { putSchedule } from "../runs/schedule.ts";
import { type Links, linkLines, linksOf, runLink } from "../up/links.ts";
import { reloadApi } from "../up/reload-api.ts";
import { runFirst } from "../up/run-first.ts";

export const upCommand: CommandBody = {
  details: `Starts Temporal (unless TEMPORAL_ADDRESS or a Temporal profile names a server), the worker and the API, creates or updates the
schedule, and runs the pipeline once. Ctrl-C stops all of them within 10 s; the next start continues with the same state.

Examples:
  candlecast up
  AS_OF=2020-12-31T12:00:00Z candlecast up --once`,
  options: [
    { flags: "--once", description: "stop everything after the pipeline run; exits as `pipeline` does" },
    { flags: "--no-run", description: "don't run the pipeline now" },
  ],
  async run({ options, env, output, signal }) {
    const settings = parseSettings(env);
    const json = options.json === true;
    const claimed = await claimWhenFree(settings, output, signal);
    if (claimed === null) return 0;
    if ("taken" in claimed) {
      const links = linksOf({ apiUrl: claimed.taken.apiUrl, uiUrl: claimed.taken.uiUrl });
      if (json) output.out(JSON.stringify({ alreadyRunning: true, pid: claimed.taken.owner.pid, ...links }));
      else
        output.out(
          [
            `already running on ${settings.stateDir} since ${claimed.taken.startedAt}, process ${claimed.taken.owner.pid}`,
            ...linkLines(links),
          ].join("\n"),
        );
      return 0;
    }
    const { claim } = claimed;
    let stack: Stack | undefined;
    try {
      output.note("starting Temporal, worker and API …");
      await makeStoreFolder(settings.storeUrl);
      stack = await startStack({ settings, env, claim, onNote: output.note });
      await putSchedule(stack.client, settings);
      const links = linksOf(stack);
      output.out(json ? JSON.stringify({ ...links, temporal: stack.address }) : linkLines(links).join("\n"));
      const code = options.run === false ? 0 : await firstRun(stack, settings, { output, signal, json, links });
      if (options.once === true) return code;
      if (!signal.aborted) output.note("everything is running; Ctrl-C stops it");
      await untilAborted(signal);
      return 0;
    } finally {
      output.note("stopping …");
      await stack?.stop();
      claim.release();
      output.note("stopped; the next start continues with the same state");
    }
  },
};

async function firstRun(
  stack: Stack,
  settings: Settings,
  { output, signal, json, links }: { output: Output; signal: AbortSignal; json: boolean; links: Links },
): Promise<number> {
  try {
    const onStart = (workflowId: string) => output.note(`the run           ${runLink(stack, workflowId)}`);
    const summary = await runFirst(stack, { settings, output, signal, onStart });
    if (!summary) return 1;
    if (links.api) await reloadApi(links.api, { token: settings.apiToken, signal });
    output.out(json ? JSON.stringify(summary) : summaryLines(summary).join("\n"));
    const served = summary.symbols.find(({ status }) => status === "ok")?.symbol;
    if (served && !json) output.out(`try: curl ${links.api}/symbol/${served}`);
    return pipelineExitCode(summary);
  } catch (error) {
    if (!signal.aborted) output.note(`the run failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

/** Waits while another command uses the STATE_DIR; null if the signal aborts the waiting. */
async function claimWhenFree(
  settings: Settings,
  output: Output,
  signal: AbortSignal,
): Promise<{ claim: Claim } | { taken: RunFile } | null> {
  let noted = false;
  while (!signal.aborted) {
    const claimed = await claimStateDir(settings.stateDir, "up", new Date());
    if ("claim" in claimed || claimed.taken.kind === "up") return claimed;
    if (!noted) output.note(`process ${claimed.taken.owner.pid} uses ${settings.stateDir}; waiting for it`);
    noted = true;
    await pause(250, signal);
  }
  return null;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const keepAlive = setInterval(() => {}, 60_000);
    signal.addEventListener(
      "abort",
      () => {
        clearInterval(keepAlive);
        done();
      },
      { once: true },
    );
  });
}
