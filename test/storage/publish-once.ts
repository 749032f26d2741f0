/** A process that publishes one manifest and says how many steps that took: node --import kill-at-step.mjs publish-once.ts FOLDER RUN_ID MS */
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { runManifest } from "./runs.ts";

const [folder, runId, createdAt] = process.argv.slice(2);
const store = createFileStore(folder);
const steps = (globalThis as unknown as { countSteps(): () => number }).countSteps();
await publish(store, (previous) => runManifest(runId, Number(createdAt), previous, null));
console.log(JSON.stringify({ steps: steps() }));
