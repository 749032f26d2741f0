import type { Setting } from "../../settings/setting.ts";
import type { Settings } from "../../settings/settings.ts";
import { SETTINGS } from "../../settings/settings-table.ts";

/** Settings by the names of their variables, fit to be shown: keys and passwords as `***`. */
export function shownSettings(settings: Settings): Record<string, string> {
  const fields = Object.entries(SETTINGS) as [keyof typeof SETTINGS, Setting<unknown>][];
  return Object.fromEntries(fields.map(([field, { variable }]) => [variable, shownValue(settings[field])]));
}

function shownValue(value: Settings[keyof typeof SETTINGS]): string {
  return value === null ? "(not set)" : withoutCredentials(String(value));
}

/** User names, passwords and query strings in an address can be secrets. */
export function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s]+@/g, "//***@").replace(/(https?:\/\/[^?\s]*)\?\S*/g, "$1?***");
}
