import { join } from "node:path";
import { projectFile } from "../../dev/project-file.ts";
import { freePort } from "../../dev/temporal/ports.ts";
import { median } from "../measure.ts";
import type { Line } from "../row.ts";
import { StartedProgram } from "../started-program.ts";
import { userEnvironment } from "../user-environment.ts";
import { isFirstLine, namesRun } from "./start-lines.ts";

const TIMES = 5;
const LONGEST_MS = 60_000;

/** `npm start` where everything is installed, with HET alone and an empty STATE_DIR each time. */
export async function startLines(folder: string): Promise<Line[]> {
  const starts = [];
  for (let i = 0; i < TIMES; i++) starts.push(await startOnce(join(folder, `state-${i}`)));
  const line = (what: string, times: readonly number[], atMost: number): Line => ({
    what: `\`npm start\`, installed, HET alone: to ${what}`,
    measure: "wall",
    unit: "s",
    ours: median(times) / 1000,
    against: "",
    theirs: null,
    goal: { atMost },
    equality: { equal: true, text: `median of ${TIMES}, npm's own time with it; each with an empty STATE_DIR` },
  });
  return [
    line(
      "its first line",
      starts.map(({ firstLineMs }) => firstLineMs),
      0.5,
    ),
    line(
      "a started run",
      starts.map(({ runMs }) => runMs),
      2.5,
    ),
  ];
}

async function startOnce(stateDir: string): Promise<{ firstLineMs: number; runMs: number }> {
  const ports = { PORT: String(await freePort()), TEMPORAL_PORT: String(await freePort()), TEMPORAL_UI_PORT: String(await freePort()) };
  const env = { ...userEnvironment(), ...ports, STATE_DIR: stateDir, SYMBOLS: "HET" };
  const program = new StartedProgram("npm", ["start"], { cwd: projectFile("."), env });
  try {
    const first = await program.line("first line", isFirstLine, LONGEST_MS);
    const run = await program.line("run", namesRun, LONGEST_MS);
    return { firstLineMs: first.atMs, runMs: run.atMs };
  } finally {
    await program.end();
  }
}
