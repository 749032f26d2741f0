const WIDTH = 20;

/** A bar of fixed width. */
export function bar(done: number, total: number): string {
  const filled = total > 0 ? Math.min(WIDTH, Math.floor((done / total) * WIDTH)) : 0;
  return `${"█".repeat(filled)}${"░".repeat(WIDTH - filled)}`;
}
