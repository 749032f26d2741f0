import { createHash, randomUUID } from "node:crypto";
import { link, readFile, readlink, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { StoreUnavailableError } from "../../core/vocabulary/errors.ts";

/** Work under a lock takes milliseconds, unless who takes it says otherwise. */
const WAIT_MS = 30_000;
/** A lock of this age whose owner can't be looked up counts as abandoned. */
const ABANDONED_MS = 10_000;

/** Content of a lock file. A process number alone is not enough: another process may get it later, or has it in another container. */
interface Owner {
  readonly pid: number;
  /** When the process started; null where the system doesn't say. */
  readonly start: string | null;
  /** The machine's boot and the process namespace that `pid` belongs to. */
  readonly place: string;
  readonly id: string;
}

/**
 * Runs `work` while holding a lock file, which excludes other processes. A lock whose owner has died is removed.
 *
 * @throws {StoreUnavailableError} if a living owner holds the lock for `waitMs`, by default 30 s
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>, { waitMs = WAIT_MS }: { waitMs?: number } = {}): Promise<T> {
  const owner: Owner = { pid: process.pid, start: await startOf(process.pid), place: await thisPlace(), id: randomUUID() };
  const mine = `${path}.${owner.id}`;
  await writeFile(mine, JSON.stringify(owner));
  try {
    const start = performance.now();
    for (let tries = 0; !(await tryLink(mine, path)); tries++) {
      await removeIfAbandoned(path, mine);
      if (performance.now() - start > waitMs) {
        throw new StoreUnavailableError(
          `${path} has been locked for ${waitMs / 1000} s by a running process; if none is using it, delete the file`,
        );
      }
      await new Promise((done) => setTimeout(done, 1 + Math.min(20, tries) * Math.random()));
      await utimes(mine, new Date(), new Date());
    }
  } finally {
    await unlink(mine);
  }
  try {
    return await work();
  } finally {
    await unlink(path).catch(() => {});
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes a lock that its owner left behind. Only the holder of a claim on this owner's lock may remove it, after checking again
 * that the lock is still this owner's, so that a slow waiter never removes the next owner's lock. A claim is a lock itself.
 */
async function removeIfAbandoned(path: string, mine: string): Promise<void> {
  const content = await readOrNull(path);
  if (content === null || !(await isAbandoned(path, content))) return;
  const claim = `${path}.${createHash("sha256").update(content).digest("hex").slice(0, 16)}`;
  if (!(await tryLink(mine, claim))) return removeIfAbandoned(claim, mine);
  try {
    if ((await readOrNull(path)) === content) await unlink(path);
  } finally {
    await unlink(claim);
  }
}

async function isAbandoned(path: string, content: string): Promise<boolean> {
  const owner = parseOwner(content);
  if (owner?.place === (await thisPlace())) return !isAlive(owner.pid) || owner.start !== (await startOf(owner.pid));
  const info = await stat(path).catch(() => null);
  return info !== null && Date.now() - info.mtimeMs > ABANDONED_MS;
}

function parseOwner(content: string): Owner | null {
  try {
    return JSON.parse(content) as Owner;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, in clock ticks since boot: field 22 of proc_pid_stat(5), counted after the bracketed name. */
async function startOf(pid: number): Promise<string | null> {
  const line = await readOrNull(`/proc/${pid}/stat`);
  return line?.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

async function thisPlace(): Promise<string> {
  const boot = (await readOrNull("/proc/sys/kernel/random/boot_id"))?.trim();
  const namespace = await readlink("/proc/self/ns/pid").catch(() => null);
  return boot && namespace ? `${boot} ${namespace}` : hostname();
}

function readOrNull(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch(() => null);
}
