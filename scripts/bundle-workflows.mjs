// Bundles the workflows: `node scripts/bundle-workflows.mjs FILE`, for WORKFLOW_BUNDLE, with what traces them in it; or, as a
// child that gets the modules to trace with as arguments, sends the code.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";

const given = process.argv.slice(2);
const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const { code } = await bundleWorkflowCode({
  workflowsPath: path("../workflows/index.ts"),
  workflowInterceptorModules: process.send ? given : [path("../telemetry/workflow-interceptors.ts")],
  logger: new DefaultLogger("WARN"),
});
if (process.send) process.send(code, () => process.disconnect());
else writeFileSync(given[0] ?? "workflow-bundle.js", code);
