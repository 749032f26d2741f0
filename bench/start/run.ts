import { benchFolder } from "../bench-folder.ts";
import { describeCommit, describeLoad, describeMachine } from "../machine.ts";
import { formatLine, HEAD, type Line } from "../row.ts";
import { freshCloneLines } from "./fresh-clone.ts";
import { helpLines } from "./help.ts";
import { startLines } from "./start.ts";

/**
 * `npm run bench:start`: how long it takes until something is there to see, as users start it. All rows, or
 * `npm run bench:start -- NAME…`.
 */
const ROWS: Readonly<Record<string, (folder: string) => Promise<(Line | string)[]>>> = {
  help: helpLines,
  start: startLines,
  clone: freshCloneLines,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in ROWS));
if (unknown.length > 0) {
  process.stderr.write(`There is no row ${unknown.join(", ")}; the rows are ${Object.keys(ROWS).join(", ")}.\n`);
  process.exit(2);
}

print(`${describeMachine()}; ${describeLoad()}; commit ${describeCommit() ?? "unknown"}`);
print("");
print(HEAD);
for (const [name, measure] of Object.entries(ROWS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const line of await measure(benchFolder())) print(typeof line === "string" ? line : formatLine(line));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
