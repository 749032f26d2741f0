/** An error without its leading symbol, for a line that already begins with the symbol. */
export function reasonFor(symbol: string, error: string | null): string {
  const prefix = `${symbol}: `;
  return error?.startsWith(prefix) ? error.slice(prefix.length) : (error ?? "");
}
