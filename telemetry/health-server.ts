import { createServer, type ServerResponse } from "node:http";

/** Something that has to hold for a process to do its work. */
export interface HealthCheck {
  readonly name: string;
  /**
   * @returns what was found, for people
   * @throws {Error} with a sentence that says what doesn't hold
   */
  check(): Promise<string> | string;
}

/** What became of a check. */
export interface HealthReport {
  readonly name: string;
  readonly ok: boolean;
  /** A sentence. */
  readonly detail: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly HealthReport[];
}

export interface HealthServer {
  /** From now on, readiness is what these checks say; before that the process counts as starting. */
  started(checks: readonly HealthCheck[]): void;
  /** From now on the process isn't ready, whatever the checks say. */
  stopping(): void;
  close(): Promise<void>;
}

/**
 * Answers `GET /live` with 200 as long as the process runs, and `GET /ready` with 200 or 503 and a {@link Readiness}.
 *
 * @param address IP:PORT
 * @param setting names the variable that holds the address, for the error
 * @throws {Error} if nothing can listen there
 */
export async function startHealthServer(address: string, { setting }: { setting: string }): Promise<HealthServer> {
  let phase: "starting" | "stopping" | { readonly checks: readonly HealthCheck[] } = "starting";
  const readiness = async (): Promise<Readiness> => {
    if (typeof phase !== "string") return runChecks(phase.checks);
    return { ready: false, checks: [{ name: "process", ok: false, detail: `it is ${phase}` }] };
  };
  const server = createServer(async ({ method, url }, response) => {
    const path = url?.split("?")[0];
    if (method !== "GET" && method !== "HEAD") return answer(response, 405, { error: "only GET is answered" });
    if (path === "/live") return answer(response, 200, { live: true });
    if (path !== "/ready") return answer(response, 404, { error: "there are /live and /ready" });
    const found = await readiness();
    answer(response, found.ready ? 200 : 503, found);
  });
  const { hostname, port } = new URL(`http://${address}`);
  await new Promise<void>((done, failed) => {
    server.once("error", (cause) => failed(new Error(`${setting} ${address} can't be used: ${cause.message}`, { cause })));
    server.listen(Number(port || 80), hostname.replace(/^\[|\]$/g, ""), done);
  });
  // It never keeps a process alive that has nothing else to do.
  server.unref();
  return {
    started(checks) {
      if (phase === "starting") phase = { checks };
    },
    stopping() {
      phase = "stopping";
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/**
 * The same check, made at most once every so often; in between its last outcome holds. A check that takes longer than
 * `withinMs` has failed.
 */
export function cached({ name, check }: HealthCheck, { everyMs, withinMs }: { everyMs: number; withinMs: number }): HealthCheck {
  let last: { readonly atMs: number; readonly outcome: Promise<string> } | null = null;
  return {
    name,
    check() {
      const nowMs = performance.now();
      if (last === null || nowMs - last.atMs >= everyMs) {
        last = { atMs: nowMs, outcome: limit(async () => check(), withinMs) };
        last.outcome.catch(() => {});
      }
      return last.outcome;
    },
  };
}

async function runChecks(checks: readonly HealthCheck[]): Promise<Readiness> {
  const reports = await Promise.all(
    checks.map(async ({ name, check }) => {
      try {
        return { name, ok: true, detail: await check() };
      } catch (error) {
        return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
  return { ready: reports.every(({ ok }) => ok), checks: reports };
}

async function limit<T>(work: () => Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(`${JSON.stringify(body)}\n`);
}
