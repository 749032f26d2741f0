import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The Node that the project brings along, whatever the machine's is. */
export const NODE = join(ROOT, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** Installs the packages where they are missing or older than the lock file. Its output goes to standard error. */
export function ensureInstalled() {
  const mark = join(ROOT, "node_modules", ".package-lock.json");
  const lock = join(ROOT, "package-lock.json");
  if (existsSync(mark) && existsSync(NODE) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs) return;
  process.stderr.write("Installing packages (npm ci) …\n");
  const { status } = spawnSync("npm", ["ci"], { cwd: ROOT, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (status !== 0) {
    process.stderr.write("npm ci failed; its messages are above. It needs the npm registry, or a cache of it.\n");
    process.exit(1);
  }
}
