import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { splitSelectors } from "../../core/universe/selector.ts";
import { type Interval, parseInterval } from "../../core/vocabulary/interval.ts";
import { ISO_TIME_WORDS, isIsoTime } from "../../core/vocabulary/iso-time.ts";
import { isSymbol } from "../../core/vocabulary/symbol.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { storedSymbols } from "../../storage/candle-files/candle-store.ts";
import { EXPORT_FORMATS, type ExportFormat, exportCandles } from "../../storage/candle-files/export-candles.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { openReader } from "../../storage/object-store/open-store.ts";
import { type CommandBody, type OptionValues, textOption } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import { symbolList, usage } from "./read-options.ts";

const FAR = Date.parse("9999-12-31");

export const exportCommand: CommandBody = {
  details: `Only reads the store. Without --out it writes to standard output. \`candlecast import\` reads the files back as the same candles.

Examples:
  candlecast export --symbols BTC > btc.csv
  candlecast export --symbols BTC,ETH --interval 1h --from 2020-01-01 --to 2020-07-01 --out candles.parquet`,
  options: [
    {
      flags: "--symbols <list>",
      description: "symbols, separated by commas (default: SYMBOLS, or every stored symbol if that contains top:N)",
    },
    { flags: "--interval <length>", description: "1d, 1h or 1m (default: INTERVAL)" },
    { flags: "--from <time>", description: "ISO 8601, inclusive" },
    { flags: "--to <time>", description: "ISO 8601, exclusive" },
    { flags: "--format <format>", description: "csv, parquet or arrow (default: by the ending of --out, or csv)" },
    { flags: "--out <file>", description: "the file to write: written under a temporary name and renamed when complete" },
  ],
  async run({ options, env, output, signal }) {
    const settings = parseSettings(env);
    const out = textOption(options, "out");
    const interval: Interval = usage(() => parseInterval(textOption(options, "interval") ?? settings.interval));
    const named = symbolList(textOption(options, "symbols"));
    const wrong = named?.find((symbol) => !isSymbol(symbol));
    if (wrong !== undefined) throw new UsageError(`${JSON.stringify(wrong)} is not a symbol`);
    const format = formatOf(textOption(options, "format"), out);
    const range = { from: timeOption(options, "from") ?? 0, to: timeOption(options, "to") ?? FAR };
    const reader = openReader(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
    const symbols = named ?? (await symbolsOf(reader, interval, settings.symbols));
    let rows = 0;
    const bytes = Readable.from(
      exportCandles(reader, { symbols, interval, range, format }, (more) => {
        rows += more;
      }),
    );
    if (out !== undefined) await writeComplete(bytes, out, signal);
    else if (output.bytes) await pipeline(bytes, output.bytes, { signal, end: false });
    else if (format !== "csv") throw new UsageError(`${format} can't be shown on a terminal: use --out`);
    else for await (const piece of bytes) output.out(new TextDecoder().decode(piece as Uint8Array).trimEnd());
    if (out === undefined) output.note(`${rows} candles`);
    else output.out(options.json === true ? JSON.stringify({ file: out, format, rows }) : `${rows} candles in ${out}`);
    return 0;
  },
};

/** Which coins `top:N` means changes from day to day, and only a source knows them. */
async function symbolsOf(reader: ObjectReader, interval: Interval, setting: readonly string[]): Promise<readonly string[]> {
  const { symbols, top } = splitSelectors(setting);
  return top === null ? symbols : storedSymbols(reader, interval);
}

async function writeComplete(bytes: Readable, out: string, signal: AbortSignal): Promise<void> {
  const partial = `${out}.${process.pid}.part`;
  try {
    await pipeline(bytes, createWriteStream(partial), { signal });
    await rename(partial, out);
  } finally {
    await rm(partial, { force: true });
  }
}

function formatOf(given: string | undefined, out: string | undefined): ExportFormat {
  const wanted = given ?? (out === undefined ? "csv" : extname(out).slice(1).toLowerCase());
  const found = EXPORT_FORMATS.find((format) => format === wanted);
  if (!found) throw new UsageError(`--format is ${JSON.stringify(wanted)}, but should be one of ${EXPORT_FORMATS.join(", ")}`);
  return found;
}

function timeOption(options: OptionValues, name: string): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  if (!isIsoTime(text)) throw new UsageError(`--${name} is ${JSON.stringify(text)}, but should be ${ISO_TIME_WORDS}`);
  return Date.parse(text);
}
