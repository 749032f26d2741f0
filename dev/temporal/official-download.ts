import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { InstallContext, Installer } from "./installers.ts";

/** Longest time without a further byte. */
const SILENCE_MS = 20_000;
const FOLDER = "official";

/** Path of an official CLI that was downloaded before, or null. */
export function cachedOfficial(cache: string): string | null {
  const folder = join(cache, FOLDER);
  if (!existsSync(folder)) return null;
  const name = readdirSync(folder).find((file) => file.startsWith("temporal-") && !file.endsWith(".downloading"));
  return name ? join(folder, name) : null;
}

/**
 * The download that @temporalio/testing makes, from Temporal's own host.
 *
 * The package returns a running server, but never the program's path. So it runs in a separate process and starts the
 * program with `--help`, which starts no server. The file is renamed to its final name when the download is complete.
 */
export const officialDownload: Installer = {
  name: "official download",
  fetches: true,
  async find({ env, cache }: InstallContext) {
    const folder = join(cache, FOLDER);
    mkdirSync(folder, { recursive: true });
    const child = spawn(process.execPath, [fileURLToPath(new URL("./official-download-main.ts", import.meta.url)), folder], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const errors: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
    const ended = new Promise<void>((done) => child.once("close", () => done()).once("error", () => done()));
    try {
      await untilComplete(folder, ended);
    } finally {
      child.kill("SIGKILL");
    }
    const path = cachedOfficial(cache);
    if (!path) throw new Error(errors.join("").trim().split("\n").at(-1) || `received nothing for ${SILENCE_MS / 1000} s`);
    return { path, how: "downloaded from Temporal" };
  },
};

/** Settles when the file is complete, when the download has ended, or when nothing was received for too long. */
async function untilComplete(folder: string, ended: Promise<void>): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  let bytes = 0;
  let receivedAt = Date.now();
  while (!over && Date.now() - receivedAt < SILENCE_MS) {
    const files = readdirSync(folder);
    if (files.some((name) => name.startsWith("temporal-") && !name.endsWith(".downloading"))) return;
    const now = files.reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
    if (now !== bytes) {
      bytes = now;
      receivedAt = Date.now();
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}
