import { randomUUID } from "node:crypto";
import { link, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { StoreUnavailableError } from "../../core/errors.ts";

const WAIT_MS = 30_000;

/**
 * Runs `work` while holding a lock file, exclusive between processes. A lock whose owner is no longer alive is taken
 * over: it is renamed away first, so that only one of several waiters can do so.
 *
 * @throws {StoreUnavailableError} if a living owner holds the lock for 30 s
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const token = `${process.pid}:${randomUUID()}`;
  const mine = `${path}.${randomUUID()}`;
  await writeFile(mine, token);
  try {
    const start = performance.now();
    for (let tries = 0; !(await tryLink(mine, path)); tries++) {
      await takeOverIfDead(path);
      if (performance.now() - start > WAIT_MS)
        throw new StoreUnavailableError(`${path} has been locked for ${WAIT_MS / 1000} s by a living process; delete it if that is wrong`);
      await new Promise((done) => setTimeout(done, 1 + Math.min(20, tries) * Math.random()));
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

async function takeOverIfDead(path: string): Promise<void> {
  const owner = await readFile(path, "utf8").catch(() => null);
  if (owner === null || isAlive(Number(owner.split(":")[0]))) return;
  const away = `${path}.${randomUUID()}`;
  try {
    await rename(path, away);
  } catch {
    return;
  }
  const moved = await readFile(away, "utf8").catch(() => null);
  if (moved === owner) await unlink(away).catch(() => {});
  else
    await link(away, path)
      .then(() => unlink(away))
      .catch(() => {});
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
