/** Time of creation to the second, and the first eight digits of the content's digest: `20201231T120000Z-1a2b3c4d`. */
export const VERSION_PATTERN: RegExp = /^(\d{8})T(\d\d)(\d\d)(\d\d)Z-([0-9a-f]{8})$/;

/** The version of a manifest; versions sort by time, and different contents have different versions. */
export function manifestVersion(createdAtMs: number, sha256: string): string {
  const time = new Date(createdAtMs)
    .toISOString()
    .replace(/[-:]/g, "")
    .replace(/\.\d+Z$/, "Z");
  return `${time}-${sha256.slice(0, 8)}`;
}

/** When a version was made, to the second, ms since the epoch; null where the text is not a version. */
export function versionTime(version: string): number | null {
  const [, date, hours, minutes, seconds] = VERSION_PATTERN.exec(version) ?? [];
  if (!date) return null;
  const time = Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(time) ? null : time;
}
