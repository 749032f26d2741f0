import { setTimeout } from "node:timers/promises";
import { Client, Connection } from "@temporalio/client";
import { putSchedule } from "../cli/runs/schedule.ts";
import { parseSettings } from "../settings/parse-settings.ts";
import type { Settings } from "../settings/settings.ts";
import { type GivenServer, givenServer } from "./temporal/given-server.ts";
import { prepareNamespace } from "./temporal/prepare-namespace.ts";

const CONNECT_MS = 5_000;
const BETWEEN_MS = 500;
/** Longest wait for a server that was started at the same time. */
const PATIENCE_MS = 90_000;

/**
 * Makes what this project needs on the given Temporal server and is missing there: the namespace, the search attributes, the
 * schedule. Can be run again at any time. Waits for a server that doesn't answer yet.
 *
 * @param onNote told of each new reason to try again
 * @returns what is there now, as a sentence
 * @throws {Error} if no server is named, or something is still missing after `patienceMs`
 */
export async function prepareTemporal(
  settings: Settings,
  env: NodeJS.ProcessEnv,
  { patienceMs = PATIENCE_MS, onNote = () => {} }: { patienceMs?: number; onNote?: (note: string) => void } = {},
): Promise<string> {
  const given = givenServer(settings, env);
  if (!given) throw new Error("TEMPORAL_ADDRESS is not set, so no Temporal server is named that could be prepared");
  let last: string | null = null;
  for (const deadline = Date.now() + patienceMs; ; await setTimeout(BETWEEN_MS)) {
    const problem = await prepare(given, settings).catch((error: Error) => error.message);
    if (problem === null) return `${given.address}: namespace ${given.namespace}, its search attributes and the schedule are there`;
    if (Date.now() > deadline) throw new Error(`${given.address} could not be prepared within ${patienceMs / 1000} s: ${problem}`);
    if (problem !== last) onNote(`not yet: ${problem}`);
    last = problem;
  }
}

/** @returns what could not be looked at, as with a server that is still starting; null if all is there */
async function prepare(given: GivenServer, settings: Settings): Promise<string | null> {
  const connection = await Connection.connect({ ...given.connection, connectTimeout: CONNECT_MS });
  try {
    const problems = await prepareNamespace(connection, given.namespace);
    if (problems.length > 0) return problems.join("; ");
    await putSchedule(new Client({ connection, namespace: given.namespace }), settings);
    return null;
  } finally {
    await connection.close();
  }
}

if (import.meta.main) {
  try {
    const onNote = (note: string) => process.stderr.write(`prepare-temporal: ${note}\n`);
    process.stdout.write(`${await prepareTemporal(parseSettings(process.env), process.env, { onNote })}\n`);
  } catch (error) {
    process.stderr.write(`prepare-temporal: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
