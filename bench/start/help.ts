import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectFile } from "../../dev/project-file.ts";
import { median } from "../measure.ts";
import { formatSkipped, type Line } from "../row.ts";
import { userEnvironment } from "../user-environment.ts";

const TIMES = 11;
const GOAL_S = 0.15;
/** GNU time, which alone tells a process' peak memory after its end. */
const TIME = "/usr/bin/time";

/** `candlecast --help`, by the program of the package and by npx. */
export async function helpLines(): Promise<(Line | string)[]> {
  const bin = [projectFile("cli/bin.mjs"), "--help"];
  const npx = ["npx", "candlecast", "--help"];
  const peak = peakMb(bin);
  return [
    { ...line("`candlecast --help`", seconds(bin)), goal: { atMost: GOAL_S } },
    line("`npx candlecast --help`, npm's own time with it", seconds(npx)),
    peak === null
      ? formatSkipped("`candlecast --help`: peak memory of its largest process", `there is no ${TIME}`)
      : { ...line("`candlecast --help`: its largest process", peak), measure: "peak memory", unit: "MB" },
  ];
}

function line(what: string, ours: number): Line {
  const equality = { equal: true, text: `median of ${TIMES}` };
  return { what, measure: "wall", unit: "s", ours, against: "", theirs: null, goal: null, equality };
}

function seconds(command: readonly string[]): number {
  return median(
    Array.from({ length: TIMES }, () => {
      const began = performance.now();
      run(command);
      return (performance.now() - began) / 1000;
    }),
  );
}

function peakMb(command: readonly string[]): number | null {
  if (!existsSync(TIME)) return null;
  return median(
    Array.from({ length: TIMES }, () => {
      const kilobytes = Number(
        run([TIME, "-f", "%M", ...command])
          .trim()
          .split("\n")
          .at(-1),
      );
      return (kilobytes * 1024) / 1e6;
    }),
  );
}

/** @returns what it wrote to its standard error */
function run([file, ...args]: readonly string[]): string {
  const { status, stderr, error } = spawnSync(file, args, { cwd: join(projectFile(".")), env: userEnvironment(), encoding: "utf8" });
  if (error || status !== 0) throw new Error(`${[file, ...args].join(" ")} failed: ${error?.message ?? stderr}`);
  return stderr;
}
