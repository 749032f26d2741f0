import { getBytes, type Source } from "./get-bytes.ts";
import { compared, type Step } from "./step.ts";

/** What `/symbol/{symbol}` answered, and what of it tells where to look. */
export interface ServedAnswer {
  readonly text: string;
  readonly json: unknown;
  readonly symbol: string;
  /** version of the manifest that it says it is of */
  readonly manifest: string;
  /** version of the newest manifest, if it says that it is an older one's */
  readonly insteadOf: string | null;
  readonly given: { readonly service: unknown; readonly runUrl: unknown };
  /** when the server says it answered, ms UTC */
  readonly at: number | null;
}

interface AnswerFields {
  readonly symbol?: unknown;
  readonly lineage?: { readonly manifest?: unknown; readonly workflow?: { readonly url?: unknown } };
  readonly warnings?: readonly { readonly code?: unknown; readonly detail?: unknown }[];
}

/** @returns the answer, or where it is none, the step that says so */
export async function readAnswer(
  source: Source & { readonly symbol: string },
): Promise<{ readonly answer: ServedAnswer; readonly step: null } | { readonly answer: null; readonly step: Step }> {
  const path = `/symbol/${source.symbol}`;
  const none = (found: string) => ({
    answer: null,
    step: compared("answer", "the served answer", [{ of: path, expected: "a prediction", found }]),
  });
  // The state of the service isn't a fact of the manifest; what it says elsewhere is.
  const [fetched, health] = await Promise.all([getBytes(source, path.slice(1)), getBytes(source, "health")]);
  if (fetched.bytes === null) return none(fetched.why);
  const text = new TextDecoder().decode(fetched.bytes);
  try {
    const json = JSON.parse(text) as AnswerFields;
    const { symbol, lineage, warnings = [] } = json;
    if (symbol !== source.symbol) return none(`an answer about ${String(symbol)}`);
    if (typeof lineage?.manifest !== "string") return none("an answer without a manifest");
    const older = warnings.find(({ code }) => code === "older_manifest");
    const insteadOf = /\d{8}T\d{6}Z-[0-9a-f]{8}/.exec(String(older?.detail))?.[0] ?? null;
    const service = health.bytes ? (JSON.parse(new TextDecoder().decode(health.bytes)) as { status?: unknown }).status : health.why;
    const given = { service, runUrl: lineage.workflow?.url };
    return { answer: { text, json, symbol: source.symbol, manifest: lineage.manifest, insteadOf, given, at: fetched.at }, step: null };
  } catch (error) {
    return none((error as Error).message);
  }
}
