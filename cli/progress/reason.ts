/** A reason names its symbol, which a line that begins with it needn't repeat. */
export function reasonFor(symbol: string, error: string | null): string {
  const prefix = `${symbol}: `;
  return error?.startsWith(prefix) ? error.slice(prefix.length) : (error ?? "");
}
