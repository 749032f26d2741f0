type Encoding = "base64" | "latin1";

/** So many characters a call may have as its arguments. */
const CHUNK = 8_192;

/** What `core/` and `storage/` use of Node's global of this name, for a bundle that runs in browsers. */
export class Buffer extends Uint8Array<ArrayBuffer> {
  static override from(data: unknown, second?: unknown, length?: unknown): Buffer {
    if (typeof data === "string") return copied(decode(data, second as Encoding));
    if (data instanceof ArrayBuffer) return new Buffer(data, second as number, length as number);
    return copied(data as Uint8Array);
  }

  /** The order of two byte strings; only whether it is 0 is of use here. */
  static compare(one: Uint8Array, other: Uint8Array): number {
    const length = Math.min(one.length, other.length);
    for (let i = 0; i < length; i++) if (one[i] !== other[i]) return one[i] < other[i] ? -1 : 1;
    return Math.sign(one.length - other.length);
  }

  override toString(encoding?: Encoding, from = 0, to = this.length): string {
    const text = latin(this.subarray(from, to));
    return encoding === "base64" ? btoa(text) : text;
  }

  override lastIndexOf(text: number | string, _from?: number, _encoding?: Encoding): number {
    const wanted = decode(String(text), "latin1");
    for (let at = this.length - wanted.length; at >= 0; at--) if (wanted.every((byte, i) => this[at + i] === byte)) return at;
    return -1;
  }

  override includes(text: number | string, _from?: number, _encoding?: Encoding): boolean {
    return this.lastIndexOf(text) >= 0;
  }
}

function copied(bytes: Uint8Array): Buffer {
  const copy = new Buffer(new ArrayBuffer(bytes.byteLength));
  copy.set(bytes);
  return copy;
}

function latin(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}

/** Skips what is no base64, as Node does. */
function decode(text: string, encoding: Encoding): Uint8Array<ArrayBuffer> {
  const binary = encoding === "base64" ? atob(withoutStrangers(text)) : text;
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function withoutStrangers(text: string): string {
  const digits = text.replace(/[^A-Za-z0-9+/]/g, "");
  return digits.length % 4 === 1 ? digits.slice(0, -1) : digits;
}
