/** What pages show for a value that is not known. */
export const UNKNOWN = "unknown";

export function price(value: number | null): string {
  return value === null || !Number.isFinite(value) ? UNKNOWN : value.toLocaleString("en-US", { maximumSignificantDigits: 6 });
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

/** How long ago something was, in words. */
export function age(ms: number): string {
  const minutes = Math.max(0, ms) / 60_000;
  if (minutes < 1) return "just now";
  if (minutes < 120) return `${Math.round(minutes)} min ago`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h ago`;
  return `${whole(Math.round(minutes / 1440))} days ago`;
}
