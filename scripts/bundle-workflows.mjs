// Bundles the workflows: `node scripts/bundle-workflows.mjs FILE`, for WORKFLOW_BUNDLE; or as a child, which sends the code.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";

const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL("../workflows/index.ts", import.meta.url)),
  logger: new DefaultLogger("WARN"),
});
const [file] = process.argv.slice(2);
if (file) writeFileSync(file, code);
else process.send?.(code, () => process.disconnect());
