import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endProcess } from "./end-process.ts";
import { identifyProcess, type ProcessIdentity } from "./process-identity.ts";

/** What is running on a STATE_DIR: written to its `run.json` by the one process that started it. */
export interface RunFile {
  /** `up`: runs until it is stopped; `temporary`: runs for one command. */
  readonly kind: "up" | "temporary";
  readonly owner: ProcessIdentity;
  /** ISO 8601 */
  readonly startedAt: string;
  /** Temporal's; null while it starts. */
  readonly address: string | null;
  readonly namespace: string | null;
  readonly uiUrl: string | null;
  readonly apiUrl: string | null;
  /** Processes to end if the owner dies without ending them. */
  readonly children: Readonly<Record<string, ProcessIdentity>>;
}

export interface Claim {
  readonly file: RunFile;
  update(change: Partial<Omit<RunFile, "kind" | "owner">>): void;
  setChild(name: string, pid: number | null): void;
  release(): void;
}

/** What a live process is running on this STATE_DIR; null if there is none. */
export function readRunFile(stateDir: string): RunFile | null {
  const file = parse(stateDir);
  return file && isAlive(file.owner) ? file : null;
}

/**
 * Makes this process the owner of the STATE_DIR. Processes that a dead owner left running are ended first, because two
 * servers must not write to one database.
 *
 * @returns the claim, or what another live process is running there
 */
export async function claimStateDir(stateDir: string, kind: RunFile["kind"], now: Date): Promise<{ claim: Claim } | { taken: RunFile }> {
  mkdirSync(stateDir, { recursive: true });
  const owner = identifyProcess(process.pid);
  if (!owner) throw new Error(`process ${process.pid} is not in the process list`);
  let file: RunFile = {
    kind,
    owner,
    startedAt: now.toISOString(),
    address: null,
    namespace: null,
    uiUrl: null,
    apiUrl: null,
    children: {},
  };
  for (;;) {
    try {
      writeFileSync(pathOf(stateDir), serialise(file), { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const taken = readRunFile(stateDir);
    if (taken) return { taken };
    await removeStale(stateDir);
  }
  const write = (next: RunFile) => {
    file = next;
    const draft = `${pathOf(stateDir)}.${process.pid}`;
    writeFileSync(draft, serialise(file));
    renameSync(draft, pathOf(stateDir));
  };
  return {
    claim: {
      get file() {
        return file;
      },
      update: (change) => write({ ...file, ...change }),
      setChild(name, pid) {
        const { [name]: _, ...others } = file.children;
        const child = pid === null ? null : identifyProcess(pid);
        write({ ...file, children: child ? { ...others, [name]: child } : others });
      },
      release: () => rmSync(pathOf(stateDir), { force: true }),
    },
  };
}

/** Renames the file, which only one of several processes can do, and ends what its dead owner left running. */
async function removeStale(stateDir: string): Promise<void> {
  const aside = `${pathOf(stateDir)}.stale-${process.pid}`;
  try {
    renameSync(pathOf(stateDir), aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const stale = readFile(aside);
  rmSync(aside, { force: true });
  const left = Object.values(stale?.children ?? {}).filter(isAlive);
  await Promise.all(left.map(({ pid }) => endProcess(pid, { graceMs: 5_000 })));
}

function isAlive({ pid, started }: ProcessIdentity): boolean {
  return identifyProcess(pid)?.started === started;
}

function parse(stateDir: string): RunFile | null {
  return readFile(pathOf(stateDir));
}

function readFile(path: string): RunFile | null {
  try {
    const file = JSON.parse(readFileSync(path, "utf8")) as RunFile;
    return typeof file?.owner?.pid === "number" ? file : null;
  } catch {
    return null;
  }
}

function serialise(file: RunFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

function pathOf(stateDir: string): string {
  return join(stateDir, "run.json");
}
