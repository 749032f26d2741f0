/**
 * Every error class of the project. `name` goes over the wire as the failure's type, so it is stable API.
 * The message names the subject and the value; `cause` is kept.
 */
export class CandlecastError extends Error {
  override readonly name: string = "CandlecastError";
}

/** Thrown by the API's, the workflows' and the core's argument checks, when a caller's value can't be used. */
export class InvalidInputError extends CandlecastError {
  override readonly name = "InvalidInput";
}

/** Thrown by parsers of candles, when a source's row has a shape that no rule for dirty data covers. */
export class InvalidCandleError extends CandlecastError {
  override readonly name = "InvalidCandle";
}

/** Thrown by features and models, when there are fewer usable rows than the computation needs. */
export class NotEnoughDataError extends CandlecastError {
  override readonly name = "NotEnoughData";
}

/** Thrown by readers of stored files, when a file is whole but not of the schema that is expected. */
export class SchemaMismatchError extends CandlecastError {
  override readonly name = "SchemaMismatch";
}

/** Thrown by readers of stored files, when the bytes don't match their digest or can't be decoded. */
export class CorruptObjectError extends CandlecastError {
  override readonly name = "CorruptObject";
}

/** Thrown by the store of candles, when candles to be added are not of the coin, currency or unit of those that are stored. */
export class SeriesMismatchError extends CandlecastError {
  override readonly name = "SeriesMismatch";
}

/** Thrown by sources, when the service doesn't know the symbol (or has none of its candles). */
export class UnknownSymbolError extends CandlecastError {
  override readonly name = "UnknownSymbol";
}

/** Thrown by sources and stores, when a key or credential is missing or refused. */
export class UnauthorizedError extends CandlecastError {
  override readonly name = "Unauthorized";
}

/** Thrown by sources, when the service refuses this machine's location (HTTP 451). Another source may do. */
export class RestrictedLocationError extends CandlecastError {
  override readonly name = "RestrictedLocation";
}

/** Thrown by sources, when the service asks for fewer requests. `retryAfterMs` is the delay that it named, or null. */
export class RateLimitedError extends CandlecastError {
  override readonly name = "RateLimited";
  readonly retryAfterMs: number | null;
  constructor(message: string, options: { retryAfterMs: number | null; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Thrown by sources, when the service fails or can't be reached: network, 5xx, timeout, a cut-off or foreign body. */
export class SourceUnavailableError extends CandlecastError {
  override readonly name = "SourceUnavailable";
  /** Whether nothing came from the service at all: no name, no listener, no connection. */
  readonly unreachable: boolean;
  /** Whether it is unreachable because its host name can't be resolved. */
  readonly nameless: boolean;
  constructor(message: string, options: { cause?: unknown; unreachable?: boolean; nameless?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.unreachable = options.unreachable ?? false;
    this.nameless = options.nameless ?? false;
  }
}

/** Thrown by sources, when a service could not be reached for a while, by whatever coin asked: it is asked again later. */
export class SourceDownError extends CandlecastError {
  override readonly name = "SourceDown";
}

/** Thrown by ingestion, when a page lacks candles in its middle that its source should have. */
export class IncompletePageError extends CandlecastError {
  override readonly name = "IncompletePage";
}

/** Thrown by ingestion, when the newest candle that should have closed is not served yet. */
export class CandleNotClosedYetError extends CandlecastError {
  override readonly name = "CandleNotClosedYet";
}

/** Thrown by stores, when a conditional put finds another state than it was told: reread, decide again. */
export class PreconditionFailedError extends CandlecastError {
  override readonly name = "PreconditionFailed";
}

/** Thrown by the registry's publishers, when another manifest was published since the one that theirs builds on. */
export class PublishConflictError extends CandlecastError {
  override readonly name = "PublishConflict";
}

/** Thrown by stores, when the storage service fails or can't be reached, or the disk is full. */
export class StoreUnavailableError extends CandlecastError {
  override readonly name = "StoreUnavailable";
  /** Whether there is no store at its address: no such bucket, no such folder, another region. */
  readonly wrongAddress: boolean;
  constructor(message: string, options: { cause?: unknown; wrongAddress?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.wrongAddress = options.wrongAddress ?? false;
  }
}

/** Thrown by the API's desk of runs, when Temporal can't be reached, or refuses or doesn't answer a request. */
export class TemporalUnavailableError extends CandlecastError {
  override readonly name = "TemporalUnavailable";
}

/** Thrown by the evaluation, when a check finds that a feature or a split sees the future. */
export class LeakDetectedError extends CandlecastError {
  override readonly name = "LeakDetected";
}

/** Error types that no retry can mend; everything else is retried with back-off. */
export const NEVER_RETRIED: readonly string[] = [
  "InvalidCandle",
  "NotEnoughData",
  "SchemaMismatch",
  "CorruptObject",
  "SeriesMismatch",
  "UnknownSymbol",
  "InvalidInput",
  "Unauthorized",
  "RestrictedLocation",
  "SourceDown",
  "LeakDetected",
];
