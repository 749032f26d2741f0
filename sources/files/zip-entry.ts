import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { type Entry, type Options, open, type ZipFile } from "yauzl";
import { InvalidCandleError } from "../../core/vocabulary/errors.ts";
import type { ByteSource } from "./byte-source.ts";

const openZip = promisify<string, Options, ZipFile>(open);

/** The largest table in an archive, unpacked. */
const MOST_BYTES = 4 * 1024 ** 3;

/**
 * The one CSV file in a ZIP archive, as Binance publishes candles. Where the publisher's `.CHECKSUM` lies beside it, the archive is
 * compared with it.
 *
 * @throws {InvalidCandleError} naming the archive, if it is damaged, is not what its checksum says, or holds not exactly one CSV file
 */
export async function zipEntry(path: string): Promise<ByteSource> {
  await assertChecksum(path);
  const { fileName, uncompressedSize } = await findEntry(path);
  if (uncompressedSize > MOST_BYTES)
    throw new InvalidCandleError(`${path}: ${fileName} has ${uncompressedSize} bytes unpacked; at most ${MOST_BYTES} are read`);
  return { path, names: [basename(path), basename(fileName)], open: () => openEntry(path, fileName) };
}

async function findEntry(path: string): Promise<Entry> {
  const entries: Entry[] = [];
  await eachEntry(path, (entry) => entries.push(entry));
  const tables = entries.filter(({ fileName }) => /\.csv$/i.test(fileName) && !fileName.startsWith("__MACOSX/"));
  if (tables.length === 1) return tables[0];
  const isWorkbook = entries.some(({ fileName }) => fileName.startsWith("xl/"));
  const reason = isWorkbook
    ? "is an Excel workbook; save it as CSV"
    : tables.length === 0
      ? "is a ZIP archive without a CSV file"
      : `is a ZIP archive with ${tables.length} CSV files; unpack it, and import them`;
  throw new InvalidCandleError(`${path} ${reason}`);
}

async function eachEntry(path: string, visit: (entry: Entry) => void): Promise<void> {
  const zip = await openArchive(path);
  try {
    await new Promise<void>((done, fail) => {
      zip.on("entry", (entry: Entry) => {
        visit(entry);
        zip.readEntry();
      });
      zip.once("end", done);
      zip.once("error", fail);
      zip.readEntry();
    });
  } catch (cause) {
    throw damaged(path, cause);
  } finally {
    zip.close();
  }
}

async function openEntry(path: string, fileName: string): Promise<Readable> {
  const zip = await openArchive(path);
  const stream = await new Promise<Readable>((done, fail) => {
    zip.on("entry", (entry: Entry) => {
      if (entry.fileName !== fileName) return zip.readEntry();
      zip.openReadStream(entry, (error, opened) => (error ? fail(damaged(path, error)) : done(opened)));
    });
    zip.once("end", () => fail(new InvalidCandleError(`${path}: ${fileName} is gone`)));
    zip.once("error", (error) => fail(damaged(path, error)));
    zip.readEntry();
  }).catch((error: Error) => {
    zip.close();
    throw error;
  });
  stream.once("close", () => zip.close());
  return stream;
}

function openArchive(path: string): Promise<ZipFile> {
  return openZip(path, { lazyEntries: true, autoClose: false }).catch((cause: unknown) => {
    throw damaged(path, cause);
  });
}

/** Compares the archive with the digest in `PATH.CHECKSUM`, if there is one. */
async function assertChecksum(path: string): Promise<void> {
  const text = await readFile(`${path}.CHECKSUM`, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return;
  const wanted = /^([0-9a-f]{64})\b/i.exec(text.trim())?.[1].toLowerCase();
  if (!wanted) throw new InvalidCandleError(`${path}.CHECKSUM holds no SHA-256 digest`);
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const found = hash.digest("hex");
  if (found !== wanted)
    throw new InvalidCandleError(`${path} is damaged: its SHA-256 is ${found}, but ${basename(path)}.CHECKSUM says ${wanted}`);
}

function damaged(path: string, cause: unknown): InvalidCandleError {
  return new InvalidCandleError(`${path} is a damaged ZIP archive: ${(cause as Error).message}`, { cause });
}
