import { TestWorkflowEnvironment } from "@temporalio/testing";

// Runs as a separate process; see official-download.ts. Its only argument is the folder.
try {
  await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: "cached-download", downloadDir: process.argv[2], ttl: "365 days" }, extraArgs: ["--help"] },
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.message.split(": ").at(-1) ?? "") : String(error)}\n`);
  process.exitCode = 1;
}
