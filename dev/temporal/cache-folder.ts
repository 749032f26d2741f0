import { homedir } from "node:os";
import { join } from "node:path";

/** Where programs that were fetched once are kept for this user: `XDG_CACHE_HOME` or `~/.cache`, under `candlecast`. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "candlecast");
}
