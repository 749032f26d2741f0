import { breakS3, fillDisk } from "./broken-store.ts";
import { scanEvidence } from "./evidence.ts";
import { disturbSource } from "./faulty-source.ts";
import { jumpClock } from "./jump-clock.ts";
import { killServers } from "./kill-servers.ts";
import { killAtBoundaries, killAtRandom, planBoundaries } from "./kill-worker.ts";
import { printRow, type Row } from "./row.ts";
import { SYMBOLS } from "./series.ts";
import { killOneOfTwo, TWENTY_COINS, TWENTY_COINS_FROM } from "./two-workers.ts";
import { startWorld, type World } from "./world.ts";

const HOURS = { symbols: ["ADA", "BTC"], interval: "1h", from: "2017-08-17", to: "2020-12-31", source: "binance" } as const;

/** The rows in their long form, by the name that is typed after `npm run chaos --`. */
const ROWS: Readonly<Record<string, (world: World) => Promise<Row>>> = {
  boundaries: (world) => killAtBoundaries(world, { boundaries: planBoundaries(), lanes: 4 }),
  random: (world) => killAtRandom(world, { kills: 50, lanes: 4, seed: 1 }),
  servers: (world) => killServers(world, { rounds: 5, seed: 1 }),
  "two-workers": (world) => killOneOfTwo(world, { minutes: 5, everyMs: 20_000, symbols: TWENTY_COINS, first: TWENTY_COINS_FROM }),
  source: (world) => disturbSource(world, { days: 4, symbols: ["ADA", "ETH", "HET", "LTC"], backfill: HOURS, isRestricted: true, seed: 1 }),
  disk: (world) => fillDisk(world),
  s3: (world) => breakS3(world, { faults: ["403", "500", "slow", "cut", "lost"] }),
  clock: (world) => jumpClock(world, { symbols: SYMBOLS }),
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in ROWS));
if (unknown !== undefined) {
  process.stderr.write(`${unknown} is none of ${Object.keys(ROWS).join(", ")}\n`);
  process.exit(2);
}

const world = await startWorld();
const lines: string[] = [];
let isBroken = false;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    // A call that is being tried again finds its connection closed.
    process.on("uncaughtException", () => {});
    void world.stop().finally(() => process.exit(130));
  });
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(ROWS)) {
    const started = Date.now();
    process.stderr.write(`${name} …\n`);
    const row = await ROWS[name](world).catch((error: Error): Row => {
      return { name, injected: {}, survived: {}, problems: [error.stack ?? error.message] };
    });
    isBroken ||= row.problems.length > 0;
    lines.push(printRow(row));
    process.stderr.write(`${printRow(row)}\n  ${row.problems.join("\n  ")}\n${name}: ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
  }
  const { problems, ...survived } = await scanEvidence(world);
  isBroken ||= problems.length > 0;
  const injected = { "secrets planted": world.secrets.length };
  lines.push(printRow({ name: "payloads up to 64 KB, no secret in a history, log or error", injected, survived, problems }));
  process.stdout.write(`| fault | injected | survived | what must hold |\n|---|---|---|---|\n${lines.join("\n")}\n`);
} finally {
  await world.stop();
}
process.exit(isBroken ? 1 : 0);
