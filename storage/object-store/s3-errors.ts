import { CandlecastError, StoreUnavailableError, UnauthorizedError } from "../../core/vocabulary/errors.ts";

/** What the SDK's errors have that is used here. The answer's XML gives the fields that are written in capitals. */
interface S3Error {
  readonly name?: string;
  readonly message?: string;
  readonly Region?: string;
  readonly Header?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

export function statusOf(error: unknown): number | undefined {
  return (error as S3Error).$metadata?.httpStatusCode;
}

export function attemptsOf(error: unknown): number {
  return (error as S3Error).$metadata?.attempts ?? 1;
}

/** Not every 404 means that the object is missing: the bucket or the access key may be unknown. */
export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404 && ["NoSuchKey", "NotFound"].includes(nameOf(error));
}

/** Names of errors whose credentials are refused, on servers that don't answer 401 or 403. `XAdminUserNotFound` is versitygw's. */
const REFUSED_KEYS: readonly string[] = ["XAdminUserNotFound", "InvalidAccessKeyId", "CredentialsProviderError"];

/** Names of errors whose session token is refused; S3 answers them with 400. */
const REFUSED_TOKENS: readonly string[] = ["ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired"];

/** The store refuses the signature's time. The client learns the store's clock from the answer, so the next try may succeed. */
const CLOCK_ERRORS: readonly string[] = ["RequestTimeTooSkewed", "RequestInTheFuture", "RequestExpired"];

const REGION_ERRORS: readonly string[] = ["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"];

/**
 * An error of the S3 client as one of the project, with what to do about it and the server's own sentence.
 *
 * @param subject what was asked for
 * @param server its address
 */
export function explainS3Error(subject: string, server: string, error: unknown): Error {
  if (error instanceof CandlecastError) return error;
  const name = nameOf(error);
  const status = statusOf(error);
  const said = serverSentence(error);
  const unavailable = (text: string) => new StoreUnavailableError(`${subject}: ${text}${said}`, { cause: error });
  const unauthorized = (text: string) => new UnauthorizedError(`${subject}: ${text}${said}`, { cause: error });
  if (CLOCK_ERRORS.includes(name))
    return unavailable(
      `this machine's clock and the store's are too far apart (${name}); if the next try fails too, set this machine's clock`,
    );
  if (REFUSED_TOKENS.includes(name))
    return unauthorized(`the session token is refused (${name}); get new credentials, or remove AWS_SESSION_TOKEN if the keys need none`);
  if (status === 401 || status === 403 || REFUSED_KEYS.includes(name))
    return unauthorized(`the credentials are missing or refused (${name}); check the AWS variables and the bucket's policy`);
  const elsewhere = (text: string) => new StoreUnavailableError(`${subject}: ${text}${said}`, { cause: error, wrongAddress: true });
  if (name === "NoSuchBucket") return elsewhere("there is no such bucket; create it, or correct STORE_URL");
  if (status === 301 || REGION_ERRORS.includes(name)) return elsewhere(`the bucket is in another region; set ${regionSetting(error)}`);
  if (status === 501 || name === "NotImplemented") return unavailable(missingAbility(error));
  const reason = status && status >= 300 ? `HTTP ${status}, ${name}` : ((error as NodeJS.ErrnoException).code ?? name);
  return unavailable(
    `the store can't be reached or failed, ${attemptsOf(error)} times (${reason}); check the server, ${server}, then run again`,
  );
}

/**
 * The ETag of an answer, as conditions compare it.
 *
 * @throws {StoreUnavailableError} if something on the way has weakened it: no condition would ever hold
 */
export function strongEtag(etag: string | undefined, subject: string, server: string): string {
  if (!etag?.startsWith("W/")) return etag ?? "";
  throw new StoreUnavailableError(
    `${subject}: the answer's ETag is weak (${etag}), so nothing can be published; a proxy between here and ${server} changes answers: switch off its compression, or go round it`,
  );
}

function nameOf(error: unknown): string {
  return (error as S3Error).name ?? "Error";
}

function regionSetting(error: unknown): string {
  const { Region, message = "", $response } = error as S3Error;
  const region = Region ?? $response?.headers?.["x-amz-bucket-region"] ?? /expecting '([a-z0-9-]+)'/.exec(message)?.[1];
  return region && /^[a-z0-9-]{1,40}$/.test(region) ? `AWS_REGION=${region}` : "AWS_REGION to its region";
}

function missingAbility(error: unknown): string {
  const { Header, message = "" } = error as S3Error;
  const header = Header ?? /x-amz-[a-z0-9-]+|if-(?:none-)?match/i.exec(message)?.[0];
  const named = header ? `the header ${clean(header, 60)}` : "a header of the request";
  if (/^if-/i.test(header ?? "")) return `the server does not know ${named}, so nothing can be published; use one with conditional puts`;
  return `the server does not know ${named}; set AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_REQUIRED and AWS_RESPONSE_CHECKSUM_VALIDATION=WHEN_REQUIRED`;
}

const LONGEST_SENTENCE = 200;

/** What the server said, in brackets; empty where it said nothing but the error's name. */
function serverSentence(error: unknown): string {
  if (statusOf(error) === undefined) return "";
  const text = clean((error as S3Error).message ?? "", LONGEST_SENTENCE);
  return text === "" || text === nameOf(error) || text === "UnknownError" ? "" : `. The server said: “${text}”`;
}

/** Text from elsewhere on one line, without control characters, cut. */
function clean(text: string, longest: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  const characters = [...line];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : line;
}
