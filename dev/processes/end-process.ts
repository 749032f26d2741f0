import { pause } from "./pause.ts";
import { identifyProcess } from "./process-identity.ts";

/**
 * Asks a process to end, and kills it if it is still alive after `graceMs`. Does nothing if it has ended already.
 *
 * @param gone for a child of this process: settles when it has exited; without it the process is polled
 */
export async function endProcess(pid: number, { graceMs, gone }: { graceMs: number; gone?: Promise<unknown> }): Promise<void> {
  const started = identifyProcess(pid)?.started;
  if (started === undefined) return;
  const alive = () => identifyProcess(pid)?.started === started;
  for (const { signal, ms } of [
    { signal: "SIGTERM" as const, ms: graceMs },
    { signal: "SIGKILL" as const, ms: 2_000 },
  ]) {
    if (!alive()) break;
    send(pid, signal);
    await untilGone(alive, ms, gone);
  }
  if (gone && !alive()) await gone;
}

async function untilGone(alive: () => boolean, ms: number, gone: Promise<unknown> | undefined): Promise<void> {
  const end = Date.now() + ms;
  const over = new AbortController();
  void gone?.then(() => over.abort());
  while (alive() && Date.now() < end) await pause(50, over.signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone already
  }
}
