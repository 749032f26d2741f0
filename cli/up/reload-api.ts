const PATIENCE_MS = 10_000;

/** Has the API look for what was just published, so that the links that are printed next answer with it; it also looks by itself. */
export async function reloadApi(apiUrl: string, signal: AbortSignal): Promise<void> {
  await fetch(`${apiUrl}/reload`, { method: "POST", signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) }).catch(() => {});
}
