/** A version that sorts by time and tells contents apart: `20201231T120000Z-1a2b3c4d`. */
export function manifestVersion(createdAtMs: number, sha256: string): string {
  const time = new Date(createdAtMs)
    .toISOString()
    .replace(/[-:]/g, "")
    .replace(/\.\d+Z$/, "Z");
  return `${time}-${sha256.slice(0, 8)}`;
}
