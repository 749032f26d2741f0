import { fork } from "node:child_process";
import type { WorkerOptions } from "@temporalio/worker";
import { projectFile } from "../../dev/project-file.ts";

/** The prebuilt bundle, or one made now: by a child process, because the bundler's memory would never be freed. */
export async function workflowCode(built: string | null, interceptors: readonly string[]): Promise<Pick<WorkerOptions, "workflowBundle">> {
  if (built !== null) return { workflowBundle: { codePath: built } };
  const child = fork(projectFile("scripts/bundle-workflows.mjs"), interceptors, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [],
  });
  return new Promise((resolve, reject) => {
    child.once("message", (code: string) => resolve({ workflowBundle: { code } }));
    child.once("error", reject);
    child.once("exit", (exitCode) => reject(new Error(`the workflows could not be bundled; the bundler ended with ${exitCode}`)));
  });
}
