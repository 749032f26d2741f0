import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { RateLimitedError, SourceUnavailableError } from "../../core/vocabulary/errors.ts";
import { networkFailure, retryAfterMs } from "../http.ts";

const TIMEOUT_MS = 80_000;

/**
 * Downloads a file and its `.CHECKSUM`, if there is one, and hands over the path of the copy, which is gone afterwards.
 *
 * @returns what `read` returns; null if there is no such file
 * @throws {RateLimitedError | SourceUnavailableError}
 */
export async function withDownload<T>(url: string, read: (path: string) => Promise<T>, signal?: AbortSignal): Promise<T | null> {
  const folder = await mkdtemp(join(tmpdir(), "candlecast-file-"));
  try {
    const path = join(folder, basename(new URL(url).pathname));
    if (!(await download(url, path, signal))) return null;
    await download(`${url}.CHECKSUM`, `${path}.CHECKSUM`, signal);
    return await read(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function download(url: string, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  const name = basename(new URL(url).pathname);
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    if (response.status === 404) return false;
    if (response.status === 429)
      throw new RateLimitedError(`${name}: too many requests (HTTP 429)`, {
        retryAfterMs: retryAfterMs(response.headers.get("retry-after")),
      });
    if (!response.ok || !response.body) throw new SourceUnavailableError(`${name}: can't be downloaded (HTTP ${response.status})`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(path));
    return true;
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof RateLimitedError || cause instanceof SourceUnavailableError) throw cause;
    if (timeout.aborted) throw new SourceUnavailableError(`${name}: not downloaded within ${TIMEOUT_MS / 1000} s`);
    const { reason, ...kind } = networkFailure(cause);
    throw new SourceUnavailableError(`${name}: ${reason}`, { cause: new Error(reason), ...kind });
  }
}
