import { TestWorkflowEnvironment } from "@temporalio/testing";

/** Runs as a process of its own; see official-download.ts. The folder is its one argument. */
try {
  await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: "cached-download", downloadDir: process.argv[2], ttl: "365 days" }, extraArgs: ["--help"] },
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.message.split(": ").at(-1) ?? "") : String(error)}\n`);
  process.exitCode = 1;
}
