import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFile } from "../../dev/project-file.ts";
import { freePort } from "../../dev/temporal/ports.ts";

/** How long it takes until HET is served where no source can be reached: `node bench/study/offline-start.ts`. */
const NOWHERE = "http://nowhere.invalid";
const LONGEST_MS = 300_000;

const stateDir = await mkdtemp(join(tmpdir(), "candlecast-offline-"));
const port = String(await freePort());
const sources = { BINANCE_URL: NOWHERE, KRAKEN_URL: NOWHERE, CRYPTOCOMPARE_URL: NOWHERE };
const began = performance.now();
const child = spawn(process.execPath, [projectFile("cli/main.ts"), "up"], {
  env: { ...process.env, ...sources, STATE_DIR: stateDir, PORT: port },
  stdio: "ignore",
});
const ended = new Promise((done) => child.once("exit", done));
let seconds: string | null = null;
while (seconds === null && performance.now() - began < LONGEST_MS) {
  const answer = await fetch(`http://127.0.0.1:${port}/symbol/HET`).catch(() => null);
  if (answer?.status === 200) seconds = ((performance.now() - began) / 1_000).toFixed(1);
  else await new Promise((done) => setTimeout(done, 100));
}
process.stdout.write(seconds === null ? `HET was not served within ${LONGEST_MS / 1_000} s\n` : `HET is served after ${seconds} s\n`);
child.kill("SIGINT");
await ended;
await rm(stateDir, { recursive: true, force: true });
