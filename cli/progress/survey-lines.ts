import type { BackfillSurvey } from "../../core/backfill/plan-backfill.ts";

const MAX_WINDOWS = 200;

/** What a backfill would fetch, for people: a line per window, with its reasons. */
export function surveyLines({ interval, range, symbols, needs, windows }: BackfillSurvey): string[] {
  const wanted = `${interval} candles from ${minute(range.from)} to ${minute(range.to)}`;
  if (windows.length === 0) {
    return [`nothing to fetch: of the ${wanted}, none is missing, stale or failed for ${symbols.length} symbols`];
  }
  const lines = windows.slice(0, MAX_WINDOWS).map(({ symbol, range: window, missing, stale, failed, reason }) => {
    const why = [missing && `${missing} missing`, stale && `${stale} stale`, failed && `${failed} failed before`]
      .filter(Boolean)
      .join(", ");
    return `  ${symbol.padEnd(8)}${minute(window.from)} to ${minute(window.to)}  ${why}${reason ? `: ${reason}` : ""}`;
  });
  const counts = symbols.flatMap(({ symbol }) => {
    const own = windows.filter((window) => window.symbol === symbol).length;
    return own > 0 ? [`${symbol} ${own}`] : [];
  });
  return [
    `${windows.length} ${windows.length === 1 ? "window" : "windows"} (${counts.join(", ")}) of ${wanted}`,
    ...lines,
    ...(windows.length > MAX_WINDOWS ? [`  … ${windows.length - MAX_WINDOWS} more; --json lists all`] : []),
    `${needs.missing} candles missing, ${needs.stale} stale, ${needs.failed} failed before`,
  ];
}

function minute(time: number): string {
  return new Date(time).toISOString().slice(0, 16);
}
