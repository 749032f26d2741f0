import { homedir } from "node:os";
import { join } from "node:path";

/** Where downloaded programs are kept for this user: `candlecast` in `XDG_CACHE_HOME` or `~/.cache`. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "candlecast");
}
