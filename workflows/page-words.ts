/** Text that fits into a table's cell. */
export function cell(text: string): string {
  return text.replace(/[|\r\n]+/g, " ");
}

/** The time of a newest candle as a page shows it. @param openTime ISO 8601; null: unknown */
export function newestTime(openTime: string | null): string {
  return openTime?.slice(0, 16).replace("T00:00", "") ?? "";
}
