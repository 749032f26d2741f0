import { homedir } from "node:os";
import { join } from "node:path";

/**
 * What is fetched or made once is kept here for this user: `candlecast` in `XDG_CACHE_HOME` or `~/.cache`. Plain JavaScript, because
 * scripts that run on any Node need it, too.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export function cacheFolder(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "candlecast");
}
