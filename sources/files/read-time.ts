import type { Cell } from "./table.ts";

/** Which comes first where a date begins with day and month, like 03-04-2020. */
export type DateOrder = "dmy" | "mdy";

const ISO = /^(\d{4})[-/](\d\d)[-/](\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/;
const COMPACT = /^((?:19|20)\d\d)(\d\d)(\d\d)$/;
const HALF_DAY = /^(\d{4})-(\d\d)-(\d\d) (\d\d)-(AM|PM)$/;
const DAY_MONTH = /^(\d\d?)[-/.](\d\d?)[-/.](\d{4})(?:[T ](\d\d?):(\d\d)(?::(\d\d))?)?$/;
const SHORT_YEAR = /^\d\d?[-/.]\d\d?[-/.]\d\d(?!\d)/;

/** The two leading numbers of a date that doesn't say which is the day; null for any other time. */
export function dayOrMonth(cell: Cell): readonly [number, number] | null {
  const found = typeof cell === "string" ? DAY_MONTH.exec(cell.trim()) : null;
  return found ? [Number(found[1]), Number(found[2])] : null;
}

/**
 * A time in ms UTC: unix time in s, ms, µs or ns by its size, or a date with or without a time. Without a zone it is UTC.
 *
 * @param order of day and month; null where nothing in the file tells
 * @returns an error's reason where it can't be told
 */
export function readTime(cell: Cell, order: DateOrder | null): number | { readonly reason: string } {
  if (cell instanceof Date) return cell.getTime();
  if (typeof cell === "number" || typeof cell === "bigint") return fromUnix(Number(cell));
  if (typeof cell !== "string") return { reason: `${JSON.stringify(cell) ?? "nothing"} is no time` };
  const text = cell.trim();
  const refused = { reason: `${JSON.stringify(text.slice(0, 60))} is no time that can be told` };
  const compact = COMPACT.exec(text);
  if (compact) return utc([compact[1], compact[2], compact[3]], []) ?? refused;
  if (/^\d+(\.\d+)?$/.test(text)) return fromUnix(Number(text));
  const iso = ISO.exec(text);
  if (iso) {
    const time = utc([iso[1], iso[2], iso[3]], [iso[4], iso[5], iso[6]], Number(`0.${iso[7] ?? 0}`) * 1000);
    return time === null ? refused : time - zoneMs(iso[8]);
  }
  const half = HALF_DAY.exec(text);
  if (half) {
    const hour = (Number(half[4]) % 12) + (half[5] === "PM" ? 12 : 0);
    return utc([half[1], half[2], half[3]], [String(hour)]) ?? refused;
  }
  const dated = DAY_MONTH.exec(text);
  if (dated) {
    if (order === null)
      return { reason: `${JSON.stringify(text)}: nothing in the file tells which is the day and which the month; say it by --date-order` };
    const [day, month] = order === "dmy" ? [dated[1], dated[2]] : [dated[2], dated[1]];
    return utc([dated[3], month, day], [dated[4], dated[5], dated[6]]) ?? refused;
  }
  if (SHORT_YEAR.test(text)) return { reason: `${JSON.stringify(text)}: a year of two digits can't be told from a day` };
  return refused;
}

/** Unix times of candles in these units never overlap: 1e11 s is in the year 5138, 1e11 ms in 1973. */
function fromUnix(value: number): number | { readonly reason: string } {
  if (!Number.isFinite(value) || value < 1e8) return { reason: `${value} is no unix time of a candle` };
  if (value < 1e11) return value * 1000;
  if (value < 1e14) return value;
  return value < 1e17 ? value / 1e3 : value / 1e6;
}

function utc(
  [year, month, day]: readonly string[],
  [hour = "0", minute = "0", second = "0"]: readonly (string | undefined)[],
  ms = 0,
): number | null {
  const parts = [year, month, day, hour, minute, second].map(Number);
  const time = Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5]);
  const back = new Date(time);
  const isReal =
    back.getUTCMonth() === parts[1] - 1 &&
    back.getUTCDate() === parts[2] &&
    back.getUTCHours() === parts[3] &&
    back.getUTCMinutes() === parts[4];
  return isReal ? time + Math.floor(ms) : null;
}

function zoneMs(zone: string | undefined): number {
  const found = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? "");
  return found ? (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) * 60_000 : 0;
}
