import { fork } from "node:child_process";
import type { WorkerOptions } from "@temporalio/worker";
import { projectFile } from "../../dev/project-file.ts";
import { bundleDigest, keepBundle, keptBundle } from "./kept-bundle.ts";

/** The prebuilt bundle, or one that was made from the same sources before, or one made now. */
export async function workflowCode(built: string | null, interceptors: readonly string[]): Promise<Pick<WorkerOptions, "workflowBundle">> {
  if (built !== null) return { workflowBundle: { codePath: built } };
  const digest = await bundleDigest(interceptors);
  const kept = await keptBundle(digest);
  if (kept !== null) return { workflowBundle: { code: kept } };
  const code = await bundle(interceptors);
  await keepBundle(digest, code);
  return { workflowBundle: { code } };
}

/** In a child process, because the bundler's memory would never be freed. */
function bundle(interceptors: readonly string[]): Promise<string> {
  const child = fork(projectFile("scripts/bundle-workflows.mjs"), interceptors, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [],
  });
  return new Promise((resolve, reject) => {
    child.once("message", (code: string) => resolve(code));
    child.once("error", reject);
    child.once("exit", (exitCode) => reject(new Error(`the workflows could not be bundled; the bundler ended with ${exitCode}`)));
  });
}
