import type { Connection } from "@temporalio/client";
import proto from "@temporalio/proto";
import { SEARCH_ATTRIBUTES } from "../../workflows/contract.ts";
import { pause } from "../processes/pause.ts";

const { IndexedValueType } = proto.temporal.api.enums.v1;
const VALUE_TYPE = {
  Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  KeywordList: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
  Double: IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
};

/** How long finished runs can be looked into. */
const RETENTION_SECONDS = 30 * 86_400;
const TRIES = 80;
const BETWEEN_MS = 250;

/**
 * Makes the namespace and the search attributes, where they are missing, and waits until a new namespace can be used:
 * servers keep what they know of namespaces for some seconds.
 *
 * @returns sentences on what could not be looked at, so that it may be missing: this user may lack the right to
 * @throws {Error} naming what is missing and could not be made: no run would get on without it
 */
export async function prepareNamespace(connection: Connection, namespace: string): Promise<string[]> {
  const problems: string[] = [];
  const created = await looked(`namespace ${namespace}`, problems, () => makeNamespace(connection, namespace));
  await looked(`search attributes of namespace ${namespace}`, problems, () =>
    patiently(created === true, () => makeSearchAttributes(connection, namespace)),
  );
  if (created) await patiently(true, () => connection.workflowService.countWorkflowExecutions({ namespace }).then(() => undefined));
  return problems;
}

/** Keeps finished runs of a server that is ours for longer than the single day that is its default. */
export async function lengthenRetention(connection: Connection, namespace: string): Promise<void> {
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: { seconds: RETENTION_SECONDS as never } },
  });
}

/** Thrown where something is missing and this user may not make it. */
class MissingError extends Error {
  override readonly name = "Missing";
}

/** @returns whether it was made just now */
async function makeNamespace(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return false;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: RETENTION_SECONDS as never },
    });
  } catch (cause) {
    throw new MissingError(`there is no namespace ${namespace}, and it could not be made: ${messageOf(cause)}`, { cause });
  }
  return true;
}

async function makeSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const known = new Set(Object.keys((await connection.operatorService.listSearchAttributes({ namespace })).customAttributes ?? {}));
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !known.has(name));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, VALUE_TYPE[type]]));
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (cause) {
    if (isNotFound(cause)) throw cause;
    const commands = missing.map(
      ([name, type]) => `  temporal operator search-attribute create --namespace ${namespace} --name ${name} --type ${type}`,
    );
    throw new MissingError(
      [
        `namespace ${namespace} lacks search attributes that could not be made (${messageOf(cause)}); someone who may has to run`,
        ...commands,
      ].join("\n"),
      { cause },
    );
  }
}

/** Tries again for a while, where a namespace is new and not yet known everywhere. */
async function patiently(fresh: boolean, make: () => Promise<void>): Promise<void> {
  for (let i = 1; ; i++) {
    try {
      return await make();
    } catch (error) {
      if (!fresh || !isNotFound(error) || i >= TRIES) throw error;
      await pause(BETWEEN_MS);
    }
  }
}

async function looked<T>(subject: string, problems: string[], make: () => Promise<T>): Promise<T | null> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof MissingError) throw error;
    problems.push(`${subject} could not be looked at: ${messageOf(error)}`);
    return null;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isNotFound(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === 5;
}
