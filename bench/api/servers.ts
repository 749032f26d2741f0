import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { decodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { getVerified } from "../../storage/object-store/immutable.ts";
import type { FilledFolder } from "../../test/api/serve-folder.ts";

export interface Server {
  readonly pid: number;
  readonly port: number;
  /** from the start of the process to the first answer, ms */
  readonly firstAnswerMs: number;
  stop(): Promise<void>;
}

/** Candlecast's API in a process of its own. */
export async function startOurs(stateDir: string, env: Record<string, string> = {}): Promise<Server> {
  const entry = fileURLToPath(new URL("../../api/server.ts", import.meta.url));
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, [entry], {
    env: { PATH: process.env.PATH, STATE_DIR: stateDir, HOST: "127.0.0.1", PORT: String(port), ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(createInterface({ input: child.stdout }), "line");
  await answer(port, "/symbol/HET");
  return serverOf(child, port, performance.now() - began);
}

/** FastAPI on uvicorn with scikit-learn's models, fitted to the same features. */
export async function startPeer(python: string, folder: string, filled: FilledFolder): Promise<Server> {
  const matrix = decodeFeatures(await getVerified(filled.store, filled.published.entry.features));
  const rows = matrix.openTime.length - 1;
  const returns = Float64Array.from(
    { length: rows },
    (_, i) => Math.log(matrix.close[i + 1] / matrix.close[i]) / (matrix.volatility[i] || 1),
  );
  const values = new Float64Array((matrix.columns.length + 1) * rows);
  for (const [i, column] of [...matrix.columns, returns].entries()) values.set(column.subarray(0, rows), i * rows);
  writeFileSync(join(folder, "rows.f64"), new Uint8Array(values.buffer));
  const trees = { boosting: 200, forest: 200 };
  writeFileSync(join(folder, "rows.json"), JSON.stringify({ rows, columns: matrix.columns.length, trees }));
  const port = await freePort();
  const began = performance.now();
  const script = fileURLToPath(new URL("../peers/api.py", import.meta.url));
  const child = spawn(python, [script, String(port), folder], {
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(createInterface({ input: child.stdout }), "line");
  await answer(port, "/symbol/BTC");
  return serverOf(child, port, performance.now() - began);
}

function serverOf(child: ChildProcess, port: number, firstAnswerMs: number): Server {
  return {
    pid: child.pid as number,
    port,
    firstAnswerMs,
    async stop() {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

async function answer(port: number, path: string): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end; await new Promise((done) => setTimeout(done, 5))) {
    const found = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
    if (found?.ok) return;
  }
  throw new Error(`nothing answers ${path} at port ${port}`);
}
