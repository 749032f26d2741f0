import type { Readable } from "node:stream";

/** Bytes that can be read from the beginning again and again. */
export interface ByteSource {
  /** Of the file, for errors. */
  readonly path: string;
  /** Names that may tell what the bytes hold: of the file, and of the one inside it. */
  readonly names: readonly string[];
  open(): Promise<Readable>;
}

/** The first bytes, at most `most` of them. */
export async function readHead(source: ByteSource, most: number): Promise<Buffer> {
  const stream = await source.open();
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of stream) {
      parts.push(part as Buffer);
      length += (part as Buffer).length;
      if (length >= most) break;
    }
  } finally {
    stream.destroy();
  }
  return Buffer.concat(parts).subarray(0, most);
}
