// `npm run lab [-- ROW …]`: builds the image and runs the whole system in Docker. Where there is no Docker, the rows are skipped.
import { marketAvailable, marketFolder } from "../market-server.ts";
import { checkImage } from "./check-image.ts";
import { composeFaults } from "./compose-faults.ts";
import { composeUp } from "./compose-up.ts";
import { cleanups, type Docker, findDocker } from "./docker.ts";
import { type LabRow, printRow, verdictOf } from "./row.ts";

interface Row {
  readonly run: () => Promise<LabRow>;
  /** Whether it needs real candles. */
  readonly market: boolean;
}

/** By the name that is typed after `npm run lab --`. */
const ROWS: Readonly<Record<string, Row>> = {
  image: { run: checkImage, market: false },
  "compose-up": { run: composeUp, market: true },
  "compose-faults": { run: composeFaults, market: true },
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in ROWS));
if (unknown !== undefined) {
  process.stderr.write(`${unknown} is none of ${Object.keys(ROWS).join(", ")}\n`);
  process.exit(2);
}

const found = await findDocker();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    // What a row is waiting for ends with an error now.
    process.on("unhandledRejection", () => {});
    void Promise.allSettled([...cleanups].map((cleanup) => cleanup())).finally(() => process.exit(130));
  });
const rows: LabRow[] = [];
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(ROWS)) {
    const began = Date.now();
    process.stderr.write(`${name} …\n`);
    const row = await tryRow(name, found);
    rows.push(row);
    process.stderr.write(`${printRow(row)}\n${row.problems.map((problem) => `  ${problem}\n`).join("")}`);
    process.stderr.write(`${name}: ${((Date.now() - began) / 1000).toFixed(0)} s\n`);
  }
} finally {
  if (typeof found !== "string") await found.release();
}
const verdicts = rows.map(verdictOf);
const count = (verdict: string) => verdicts.filter((each) => each === verdict).length;
if (typeof found !== "string") process.stdout.write(`${found.version}, Node ${process.version}\n`);
process.stdout.write(`| row | found | what must hold |\n|---|---|---|\n${rows.map(printRow).join("\n")}\n`);
process.stdout.write(`${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped\n`);
process.exit(count("failed") > 0 ? 1 : 0);

async function tryRow(name: string, docker: Docker | string): Promise<LabRow> {
  const { run, market } = ROWS[name];
  const noMarket = market && !marketAvailable ? `no real candles at ${marketFolder} (CANDLECAST_MARKET names another folder)` : null;
  const reason = typeof docker === "string" ? docker : noMarket;
  if (reason !== null) return { name, figures: {}, problems: [], skipped: reason };
  return run().catch((error: Error) => ({ name, figures: {}, problems: [error.message], skipped: null }));
}
