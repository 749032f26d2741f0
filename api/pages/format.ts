/** What pages show for a value that is not known. */
export const UNKNOWN = "unknown";

/**
 * Writes a coin's prices, all with the same decimals.
 *
 * @param typical a price of the coin, which decides how many decimals tell one price from the next
 */
export function priceFormat(typical: number): (value: number | null) => string {
  const digits = priceDigits(typical);
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return (value) => (value === null || !Number.isFinite(value) ? UNKNOWN : value.toLocaleString("en-US", options));
}

/** How many decimals tell one price of a coin from the next. */
export function priceDigits(typical: number): number {
  const size = Number.isFinite(typical) && typical > 0 ? Math.floor(Math.log10(typical)) : 0;
  return Math.min(12, Math.max(2, 4 - size));
}

/** @param value a share: 0.01 is one percent */
export function percent(value: number | null, { digits = 2, signed = false } = {}): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  const text = (100 * value).toFixed(digits).replace("-", "−");
  return `${signed && value > 0 ? "+" : ""}${text} %`;
}

export function decimal(value: number | null, digits = 4): string {
  return value === null || !Number.isFinite(value) ? UNKNOWN : value.toFixed(digits).replace("-", "−");
}

export function whole(value: number): string {
  return value.toLocaleString("en-US");
}

/** The date of an ISO 8601 time, with hour and minute unless it is midnight. */
export function moment(iso: string): string {
  const time = iso.slice(11, 16);
  return time === "00:00" ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${time}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** An ISO 8601 time as people say it: `29 Nov 2026, 00:00 UTC`. */
export function clock(iso: string): string {
  return `${Number(iso.slice(8, 10))} ${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}, ${iso.slice(11, 16)} UTC`;
}
