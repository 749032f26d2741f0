/**
 * A process that publishes one manifest with its forecasts and prints how many file system steps that took:
 * node --import kill-at-step.mjs publish-once.ts STORE_URL RUN_ID MS
 */
import { forecastKeeper } from "../../activities/publish/publish-forecasts.ts";
import { openStore } from "../../storage/object-store/open-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { runManifest } from "./runs.ts";

const [url, runId, createdAt] = process.argv.slice(2);
const store = openStore(url, { s3Endpoint: process.env.S3_ENDPOINT ?? null });
const steps = (globalThis as unknown as { countSteps(): () => number }).countSteps();
const { complete } = forecastKeeper(store);
await publish(store, (previous) => runManifest(runId, Number(createdAt), previous, null), { complete });
console.log(JSON.stringify({ steps: steps() }));
