import { crc32, deflateRawSync } from "node:zlib";

/** A ZIP archive with one deflated file. */
export function makeZip(name: string, text: string): Buffer {
  const bytes = Buffer.from(text);
  const packed = deflateRawSync(bytes);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(bytes) >>> 0, 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(Buffer.byteLength(name), 22);
  const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, Buffer.from(name), packed]);
  const version = Buffer.from([20, 0]);
  const central = Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2]), version, common, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** A month of klines as Binance publishes it; the close of the n-th candle is 100 + n. */
export function publishedMonth(symbol: string, interval: string, month: string, stepMs: number): { name: string; bytes: Buffer } {
  const name = `${symbol}USDT-${interval}-${month}`;
  const [year, number] = month.split("-").map(Number);
  const lines: string[] = [];
  for (let time = Date.UTC(year, number - 1), n = 0; time < Date.UTC(year, number); time += stepMs, n++) {
    const close = 100 + (n % 1_000) / 10;
    lines.push(`${time},${close},${close + 1},${close - 1},${close},2.5,${time + stepMs - 1},${2.5 * close},7,1,1,0`);
  }
  return { name: `${name}.zip`, bytes: makeZip(`${name}.csv`, `${lines.join("\n")}\n`) };
}
