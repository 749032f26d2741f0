import type { Secret } from "../../settings/secret.ts";

const TIMEOUT_MS = 10_000;

/** Makes the API load the new manifest now, rather than at its next poll, so that the links printed next show it. */
export async function reloadApi(
  apiUrl: string,
  { token, signal }: { readonly token: Secret | null; readonly signal: AbortSignal },
): Promise<void> {
  await fetch(`${apiUrl}/reload`, {
    method: "POST",
    headers: token ? { Authorization: `Bearer ${token.reveal()}` } : {},
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch(() => {});
}
