import { createFileStore } from "../../storage/object-store/file-store.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { createS3Store } from "../../storage/object-store/s3-store.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { startVersitygw } from "../versitygw.ts";
import { killPublishersOnFile, killPublishersOnS3 } from "./kill-publishers.ts";
import { publishAll, raceGenerations, raceIncrements, raceNewKeys, racePublishers } from "./races.ts";

/**
 * The races and kills of the store's tests in their long form, on every kind of store: `npm run stress`. Prints a line
 * for each; exits with 1 if something was lost, doubled, or seen half-done.
 */
const folder = temporaryFolder();
const server = await startVersitygw();
process.env.AWS_ACCESS_KEY_ID = server.accessKey;
process.env.AWS_SECRET_ACCESS_KEY = server.secretKey;
let made = 0;
const stores: Record<string, () => ObjectStore> = {
  memory: createMemoryStore,
  "file:": () => createFileStore(`${folder.path}/${made++}`),
  versitygw: () => createS3Store({ bucket: server.bucket, prefix: `stress/${made++}`, endpoint: server.endpoint }),
};
const races: Record<string, (store: ObjectStore) => ReturnType<typeof raceNewKeys>> = {
  "15 new keys × 20 writers": (store) => raceNewKeys(store, { keys: 15, writers: 20 }),
  "25 generations × 20 writers": (store) => raceGenerations(store, { generations: 25, writers: 20 }),
  "200 increments by 20 writers": (store) => raceIncrements(store, { increments: 200, writers: 20 }),
  "32 publishers × 50 rounds, one wins each": (store) => racePublishers(store, { publishers: 32, rounds: 50 }),
  "32 publishers × 50 manifests, all in one chain": (store) => publishAll(store, { publishers: 32, rounds: 50 }),
};
let violations = 0;
const told = async (what: string, work: () => Promise<{ violations: readonly string[] }>) => {
  const start = performance.now();
  const { violations: found, ...figures } = await work();
  violations += found.length;
  const text = Object.entries(figures).map(([name, n]) => `${n} ${name}`);
  process.stdout.write(`${what}: ${text.join(", ")}, ${found.length} violations, ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  for (const violation of found.slice(0, 5)) process.stdout.write(`  ${violation}\n`);
};
try {
  for (const [kind, open] of Object.entries(stores)) {
    for (const [race, run] of Object.entries(races)) await told(`${kind} ${race}`, () => run(open()));
  }
  await told("file: a publisher killed at every step", () => killPublishersOnFile(`${folder.path}/killed`, { reads: 10_000 }));
  await told("versitygw a publisher killed at every request", () => killPublishersOnS3(server, { prefix: "killed", reads: 10_000 }));
} finally {
  await server.stop();
  await folder.remove();
}
process.exitCode = violations === 0 ? 0 : 1;
