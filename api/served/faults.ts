import { CandlecastError, StoreUnavailableError, UnauthorizedError } from "../../core/vocabulary/errors.ts";

/** What can be wrong behind the service; each kind has its sentence for clients. */
const CLIENT_SENTENCES = {
  wrong_address: "The service's store is not at its address; its operator has to correct that.",
  store_unknown: "The service can't read its store at the moment.",
  newest_manifest: "The newest predictions can't be read; what is served is older.",
  coin: "The newest files of this coin can't be read.",
  report: "The newest report of this coin can't be read; its predictions can.",
  unexpected: "Looking for newer predictions failed; the service tries again.",
} as const;

export type FaultKind = keyof typeof CLIENT_SENTENCES;
export const FAULT_KINDS = Object.keys(CLIENT_SENTENCES) as FaultKind[];

/** Something that is wrong, in two sentences. */
export interface Fault {
  readonly kind: FaultKind;
  /** null where it isn't about one coin */
  readonly symbol: string | null;
  /** for the log: names addresses, paths and digests, and what to do */
  readonly forOperator: string;
  /** for answers: names neither path, host, bucket nor digest */
  readonly forClients: string;
}

const REMEDIES: Partial<Readonly<Record<FaultKind, string>>> = {
  newest_manifest: "`candlecast verify` shows what is broken; `candlecast rollback` or the next run replaces it",
  coin: "`candlecast verify` shows what is broken; the next training replaces it",
  report: "the next training replaces it",
};

/** A fault that an error tells of. */
export function faultOf(kind: Exclude<FaultKind, StoreFault>, error: Error, symbol: string | null = null): Fault {
  const remedy = REMEDIES[kind];
  const subject = symbol === null ? "" : `${symbol}: `;
  return { kind, symbol, forOperator: `${subject}${error.message}${remedy ? `; ${remedy}` : ""}`, forClients: CLIENT_SENTENCES[kind] };
}

type StoreFault = "wrong_address" | "store_unknown";

/** The fault that stopped a whole look for a newer manifest. */
export function pollFault(error: unknown): Fault {
  const kind = pollFaultKind(error);
  const forOperator =
    error instanceof Error ? (error instanceof CandlecastError ? error.message : (error.stack ?? error.message)) : String(error);
  return { kind, symbol: null, forOperator, forClients: CLIENT_SENTENCES[kind] };
}

function pollFaultKind(error: unknown): FaultKind {
  if (error instanceof StoreUnavailableError) return error.wrongAddress ? "wrong_address" : "store_unknown";
  if (error instanceof UnauthorizedError) return "store_unknown";
  return error instanceof CandlecastError ? "newest_manifest" : "unexpected";
}
