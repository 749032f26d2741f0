import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { parseSettings } from "../settings/parse-settings.ts";
import { configuredServer, plainServer } from "../settings/temporal-server.ts";
import { openClient } from "./temporal/open-client.ts";
import { assertTaskQueue, prepareNamespace } from "./temporal/prepare-namespace.ts";

const WAIT_SECONDS = 60;
const BETWEEN_MS = 1_000;

const HELP = `Usage: npm run prepare-temporal -- [--wait <seconds>]

Creates what a Temporal server needs before runs: the namespace and its search attributes; then waits until workers can poll there.
It connects as the worker does: by TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and a Temporal profile; without them, to 127.0.0.1:7233.
Safe to run twice.
  --wait <seconds>   how long to wait for the server (default: ${WAIT_SECONDS})
Exits with 0 if all of it is there, else with 1.
`;

/** @throws {Error} with the last reason, if that can't be done in time */
async function whenUp<T>(action: () => Promise<T>, deadlineMs: number): Promise<T> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (Date.now() + BETWEEN_MS > deadlineMs) throw error;
      await sleep(BETWEEN_MS);
    }
  }
}

function parseWait(text: string | undefined): number {
  const seconds = Number(text ?? WAIT_SECONDS);
  if (!(seconds >= 0 && seconds <= 3_600))
    throw new Error(`--wait is ${JSON.stringify(text)}, but should be a number of seconds from 0 to 3600`);
  return seconds * 1_000;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { wait: { type: "string" }, help: { type: "boolean", short: "h" } } });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const waitMs = parseWait(values.wait);
  const settings = parseSettings(process.env);
  const server = configuredServer(settings, process.env) ?? plainServer(settings.temporalNamespace);
  const deadlineMs = Date.now() + waitMs;
  const { connection } = await whenUp(() => openClient(server), deadlineMs);
  try {
    const { created, unchecked } = await prepareNamespace(connection, server.namespace);
    for (const name of created) process.stdout.write(`created ${name}\n`);
    for (const problem of unchecked) process.stderr.write(`${problem}\n`);
    if (unchecked.length > 0) return 1;
    await whenUp(() => assertTaskQueue(connection, server.namespace, settings.taskQueue), deadlineMs);
    process.stdout.write(
      `namespace ${server.namespace} at ${server.address} is ready${created.length > 0 ? "" : "; nothing was missing"}\n`,
    );
    return 0;
  } finally {
    await connection.close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`prepare-temporal: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
