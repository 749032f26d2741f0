import { isMainThread } from "node:worker_threads";

// Preloaded into the processes that a command starts: they end when the command's process ends, even if it is killed.
const FORCE_MS = 8_000;

if (isMainThread && process.channel) {
  process.once("disconnect", () => {
    setTimeout(() => process.exit(1), FORCE_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
  process.channel.unref();
}
