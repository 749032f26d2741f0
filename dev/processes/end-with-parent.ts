import { isMainThread } from "node:worker_threads";

/** Preloaded into the processes that a command starts: they end when that command's process is gone, however it went. */
const FORCE_MS = 8_000;

if (isMainThread && process.channel) {
  process.once("disconnect", () => {
    setTimeout(() => process.exit(1), FORCE_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
  process.channel.unref();
}
