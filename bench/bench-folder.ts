import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty folder that is gone when this process ends. */
export function benchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "candlecast-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
