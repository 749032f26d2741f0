import { randomUUID } from "node:crypto";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { PreconditionFailedError } from "../../core/vocabulary/errors.ts";
import { sha256Hex } from "./immutable.ts";
import { checkKey } from "./keys.ts";
import type { ObjectInfo, ObjectStore, PutCondition, StoredObject } from "./object-store.ts";
import { attemptsOf, explainS3Error, isMissing, statusOf, strongEtag } from "./s3-errors.ts";
import { s3Url } from "./s3-url.ts";

export interface S3StoreOptions {
  readonly bucket: string;
  readonly prefix: string;
  /** Address of an S3-compatible server; null for AWS. */
  readonly endpoint: string | null;
  /** The longest wait for an answer in each of {@link ATTEMPTS} attempts, and for the next bytes of an answer that has begun. */
  readonly timeoutMs?: number;
}

/** How often a request is sent if the network or the server fails. */
const ATTEMPTS = 4;

/** Metadata of an object: the put that wrote it. */
const PUT_ID = "candlecast-put";

/** How often a put is sent while another put of the same key is in progress (HTTP 409). */
const CONFLICT_TRIES = 8;

/**
 * A store in an S3 bucket. Credentials and region come from the usual AWS chain. The SDK's checksums, which it sends and requests
 * by default, protect the bytes in both directions.
 */
export function createS3Store({ bucket, prefix, endpoint, timeoutMs = 30_000 }: S3StoreOptions): ObjectStore {
  const client = new S3Client({
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    region: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? "us-east-1",
    maxAttempts: ATTEMPTS,
    // `requestTimeout` covers only the answer's headers; `socketTimeout` ends a body that stalls.
    requestHandler: { connectionTimeout: 5_000, requestTimeout: timeoutMs, socketTimeout: timeoutMs, throwOnRequestTimeout: true },
  });
  const url = s3Url({ bucket, prefix });
  const fullKey = (key: string) => (prefix ? `${prefix}/${checkKey(key)}` : checkKey(key));

  const server = endpoint ?? "AWS";
  const failed = (key: string, error: unknown) => explainS3Error(`${key} in ${url}`, server, error);
  const etagOf = (key: string, { ETag }: { readonly ETag?: string }) => strongEtag(ETag, `${key} in ${url}`, server);

  const fetchObject = async (key: string): Promise<(StoredObject & { readonly putId?: string }) | null> => {
    try {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: fullKey(key) }));
      const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
      return { bytes, etag: etagOf(key, answer), lastModified: answer.LastModified?.getTime() ?? 0, putId: answer.Metadata?.[PUT_ID] };
    } catch (error) {
      if (isMissing(error)) return null;
      throw failed(key, error);
    }
  };

  const get: ObjectStore["get"] = async (key) => {
    const found = await fetchObject(key);
    return found && { bytes: found.bytes, etag: found.etag, lastModified: found.lastModified };
  };

  const stat = async (key: string): Promise<ObjectInfo | null> => {
    try {
      const answer = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: fullKey(key) }));
      return { key, bytes: answer.ContentLength ?? 0, lastModified: answer.LastModified?.getTime() ?? 0 };
    } catch (error) {
      const status = statusOf(error) ?? 0;
      if (status < 300 || status >= 500) throw failed(key, error);
    }
    // An answer to HEAD has no body that says what is missing or refused: the object, the bucket, a key, or a clock. GET does.
    const found = await fetchObject(key);
    return found && { key, bytes: found.bytes.byteLength, lastModified: found.lastModified };
  };

  const put = async (key: string, bytes: Uint8Array, condition: PutCondition): Promise<{ etag: string }> => {
    const headers = "ifAbsent" in condition ? { IfNoneMatch: "*" } : { IfMatch: condition.ifMatch };
    const putId = randomUUID();
    const object = { Bucket: bucket, Key: fullKey(key), Body: bytes, ContentLength: bytes.byteLength, Metadata: { [PUT_ID]: putId } };
    let isUncertain = false;
    for (let tries = 1; ; tries++) {
      try {
        const answer = await client.send(new PutObjectCommand({ ...object, ...headers }));
        return { etag: etagOf(key, answer) };
      } catch (error) {
        const status = statusOf(error);
        isUncertain ||= attemptsOf(error) > 1;
        if (status === 409 && tries < CONFLICT_TRIES) {
          await new Promise((done) => setTimeout(done, 20 * tries * (1 + Math.random())));
          continue;
        }
        if (status === 412 || status === 409 || ("ifMatch" in condition && isMissing(error))) {
          const own = isUncertain ? await findOwn(key, bytes, putId) : null;
          if (own) return own;
          throw new PreconditionFailedError(`${key} ${"ifAbsent" in condition ? "exists already" : "has changed"}`);
        }
        throw failed(key, error);
      }
    }
  };

  /**
   * If the answer to a put is lost, the SDK sends the put again, and the object that the first one wrote refuses it: that is
   * success. Equal bytes alone don't prove it, because another writer may have put the same ones.
   */
  const findOwn = async (key: string, bytes: Uint8Array, putId: string): Promise<{ etag: string } | null> => {
    const stored = await fetchObject(key);
    return stored?.putId === putId && sha256Hex(stored.bytes) === sha256Hex(bytes) ? { etag: stored.etag } : null;
  };

  return {
    url,
    get,
    stat,
    put,
    async *list(wanted) {
      let token: string | undefined;
      do {
        let answer: Awaited<ReturnType<typeof listPage>>;
        try {
          answer = await listPage(wanted, token);
        } catch (error) {
          throw failed(wanted, error);
        }
        for (const { Key, Size, LastModified } of answer.Contents ?? []) {
          if (Key) yield { key: prefix ? Key.slice(prefix.length + 1) : Key, bytes: Size ?? 0, lastModified: wholeSeconds(LastModified) };
        }
        token = answer.NextContinuationToken;
      } while (token);
    },
    async delete(key) {
      try {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: fullKey(key) }));
      } catch (error) {
        if (!isMissing(error)) throw failed(key, error);
      }
    },
  };

  function listPage(wanted: string, token: string | undefined) {
    const Prefix = prefix ? `${prefix}/${wanted}` : wanted;
    return client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, ContinuationToken: token }));
  }
}

/** Some servers list fractions of a second, which the other answers lack: an HTTP date has none. */
function wholeSeconds(time: Date | undefined): number {
  return Math.floor((time?.getTime() ?? 0) / 1_000) * 1_000;
}
