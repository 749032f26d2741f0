/** The part of `fetch` that is used here. */
export type Fetch = (url: string, options?: { readonly cache?: "no-store" }) => Promise<Response>;

/** Where the API is. */
export interface Source {
  readonly fetch: Fetch;
  /** address of its first page, with a slash at the end */
  readonly root: string;
}

/** Bytes as they came, or in words why there are none. */
export type Fetched = { readonly bytes: Uint8Array; readonly at: number | null } | { readonly bytes: null; readonly why: string };

/**
 * @param path below the root
 * @returns the bytes, and when the server says it answered, ms UTC
 * @throws {Error} if the server can't be reached, or can't answer at the moment
 */
export async function getBytes({ fetch, root }: Source, path: string): Promise<Fetched> {
  // What a cache kept would be what was right before.
  const response = await fetch(`${root}${path}`, { cache: "no-store" });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.status === 429 || response.status >= 500) throw new Error(whyNot(response.status, bytes));
  if (!response.ok) return { bytes: null, why: whyNot(response.status, bytes) };
  const date = Date.parse(response.headers.get("date") ?? "");
  return { bytes, at: Number.isNaN(date) ? null : date };
}

function whyNot(status: number, body: Uint8Array): string {
  try {
    const { detail } = JSON.parse(new TextDecoder().decode(body)) as { detail?: unknown };
    if (typeof detail === "string") return detail;
  } catch {
    // No problem document; the status has to do.
  }
  return `The server answered with status ${status}.`;
}
