const TIMEOUT_MS = 10_000;

/** Makes the API load the new manifest now, rather than at its next poll, so that the links printed next show it. */
export async function reloadApi(apiUrl: string, signal: AbortSignal): Promise<void> {
  await fetch(`${apiUrl}/reload`, { method: "POST", signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) }).catch(() => {});
}
