import type { Runtime } from "../../core/manifests/manifest.ts";

/** What this process runs on, as far as it can change a result's last bit. */
export function currentRuntime(): Runtime {
  return { node: process.versions.node, platform: `${process.platform}-${process.arch}` };
}
