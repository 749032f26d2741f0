import type { Edition } from "./edition.ts";

/** What an event `manifest` says, as JSON. A page carries that of its own making, and takes in what is new once it gets another. */
export function eventState({ served, status, predictions }: Edition): string {
  const closes = [...predictions.values()].map(({ as_of_candle }) => as_of_candle.close_time).sort();
  return JSON.stringify({ status: status.state, version: served?.manifest.version ?? null, newest_close: closes.at(-1) ?? null });
}
