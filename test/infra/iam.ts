/** A statement of an IAM policy, or of a bucket's. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What someone asks AWS for, with the condition keys that AWS knows of it. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

/** By the rule of one account: no statement denies it, and one allows it. @throws {Error} at a condition that isn't known here */
export function isAllowed(statements: readonly Statement[], call: Call): boolean {
  const matching = statements.filter((statement) => matches(statement, call));
  return matching.some(({ Effect }) => Effect === "Allow") && !matching.some(({ Effect }) => Effect === "Deny");
}

function matches({ Action, Resource, Condition = {} }: Statement, { action, resource, context }: Call): boolean {
  return (
    [Action].flat().some((pattern) => isLike(action.toLowerCase(), pattern.toLowerCase())) &&
    [Resource].flat().some((pattern) => isLike(resource, pattern)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, value]) => holds(operator, context[key], value)),
    )
  );
}

function holds(operator: string, found: string | undefined, value: string): boolean {
  if (operator === "Null") return (found === undefined) === (value === "true");
  if (found === undefined) return operator.endsWith("IfExists");
  switch (operator.replace(/IfExists$/, "")) {
    case "StringEquals":
    case "Bool":
      return found === value;
    case "StringLike":
      return isLike(found, value);
    case "NumericLessThan":
      return Number(found) < Number(value);
  }
  throw new Error(`the condition ${operator} is not known here`);
}

/** `*` stands for any text, `?` for one character. */
function isLike(text: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(text);
}

/** A request to S3 as it came over the wire, by path. */
export interface S3Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The status of the answer. */
  readonly status?: number;
}

export interface Place {
  readonly bucketArn: string;
  readonly keyArn: string;
  readonly region: string;
}

/** The calls that a request is, with those to the key that encrypts the bucket. @throws {Error} if it is none of those that the code makes */
export function callsOf({ method, url, headers, status }: S3Request, { bucketArn, keyArn, region }: Place): Call[] {
  const { pathname, searchParams } = new URL(url, "http://s3");
  const [, , ...parts] = decodeURIComponent(pathname).split("/");
  const key = parts.join("/");
  const secure = { "aws:SecureTransport": "true", "s3:TlsVersion": "1.3" };
  if (key === "" && method === "GET" && searchParams.get("list-type") === "2")
    return [{ action: "s3:ListBucket", resource: bucketArn, context: { ...secure, "s3:prefix": searchParams.get("prefix") ?? "" } }];
  const resource = `${bucketArn}/${key}`;
  const encryption = (action: string): Call => ({ action, resource: keyArn, context: { "kms:ViaService": `s3.${region}.amazonaws.com` } });
  const parameters = [...searchParams.keys()].filter((name) => name !== "x-id");
  if (key === "" || parameters.length > 0) throw new Error(`${method} ${url} is none of the calls that the store makes`);
  switch (method) {
    case "GET":
    case "HEAD":
      // S3 says 404 to those only who may list the bucket, and 403 to others.
      if (status === 404)
        return [
          { action: "s3:GetObject", resource, context: secure },
          { action: "s3:ListBucket", resource: bucketArn, context: secure },
        ];
      return [{ action: "s3:GetObject", resource, context: secure }, encryption("kms:Decrypt")];
    case "PUT":
      return [{ action: "s3:PutObject", resource, context: { ...secure, ...conditionsOf(headers) } }, encryption("kms:GenerateDataKey")];
    case "DELETE":
      return [{ action: "s3:DeleteObject", resource, context: secure }];
  }
  throw new Error(`${method} ${url} is none of the calls that the store makes`);
}

function conditionsOf(headers: S3Request["headers"]): Record<string, string> {
  return Object.fromEntries(
    ["if-match", "if-none-match"].flatMap((name) => (headers[name] ? [[`s3:${name}`, String(headers[name])]] : [])),
  );
}
