/** Actions that leave no event in a history. */
export interface ServerActions {
  /** of steps, as far as they reached the server */
  readonly heartbeats: number;
  /** of the command that shows a run's progress, and of the Web UI */
  readonly queries: number;
}

/** Kept by servers from 1.22.3 on; see https://docs.temporal.io/cloud/migrate/estimate-actions (read in November 2026). */
const METRIC = /^action\{(.*)\} (\S+)$/gm;

/** Heartbeats and queries of a namespace so far, from what a Temporal server tells Prometheus. */
export function readServerActions(text: string, namespace: string): ServerActions {
  let heartbeats = 0;
  let queries = 0;
  for (const [, labels, value] of text.matchAll(METRIC)) {
    if (!labels.includes(`namespace="${namespace}"`)) continue;
    const type = /action_type="(\w+)"/.exec(labels)?.[1] ?? "";
    if (/RecordActivityTaskHeartbeat/.test(type)) heartbeats += Number(value);
    if (/QueryWorkflow/.test(type)) queries += Number(value);
  }
  return { heartbeats, queries };
}

export interface ActionWatch {
  /** The last answer; null where there was none. */
  readonly last: ServerActions | null;
  stop(): void;
}

/** Asks a server's `/metrics` again and again, so that its last answer is at most so old when the server ends. */
export function watchServerActions(port: number, { namespace, everyMs = 1_500 }: { namespace: string; everyMs?: number }): ActionWatch {
  let last: ServerActions | null = null;
  let isAsking = false;
  const ask = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(5_000) });
      last = readServerActions(await answer.text(), namespace);
    } catch {
      // not started yet, or ended
    } finally {
      isAsking = false;
    }
  };
  const timer = setInterval(() => void ask(), everyMs);
  return {
    get last() {
      return last;
    },
    stop: () => clearInterval(timer),
  };
}
