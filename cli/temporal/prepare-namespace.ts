import type { Connection } from "@temporalio/client";
import proto from "@temporalio/proto";
import { SEARCH_ATTRIBUTES } from "../../workflows/contract.ts";

const { IndexedValueType } = proto.temporal.api.enums.v1;
const VALUE_TYPE = { Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD, KeywordList: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST };

/** How long finished runs can be looked into. */
const RETENTION_SECONDS = 30 * 86_400;
const TRIES = 40;
const BETWEEN_MS = 250;

/**
 * Makes the namespace and the search attributes, where they are missing.
 *
 * @returns sentences on what is missing and could not be made: this user may lack the right to
 */
export async function prepareNamespace(connection: Connection, namespace: string): Promise<string[]> {
  const problems = [await problemOf(`namespace ${namespace}`, () => makeNamespace(connection, namespace))];
  problems.push(
    await problemOf(`search attributes ${Object.keys(SEARCH_ATTRIBUTES).join(", ")}`, () => makeSearchAttributes(connection, namespace)),
  );
  return problems.filter((problem) => problem !== null);
}

/** Keeps finished runs of a server that is ours for longer than the single day that is its default. */
export async function lengthenRetention(connection: Connection, namespace: string): Promise<void> {
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: { seconds: RETENTION_SECONDS as never } },
  });
}

async function makeNamespace(connection: Connection, namespace: string): Promise<void> {
  if (await hasNamespace(connection, namespace)) return;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: RETENTION_SECONDS as never },
  });
  for (let i = 0; i < TRIES && !(await hasNamespace(connection, namespace)); i++) await new Promise((done) => setTimeout(done, BETWEEN_MS));
}

async function hasNamespace(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function makeSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const known = new Set(Object.keys((await connection.operatorService.listSearchAttributes({ namespace })).customAttributes ?? {}));
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !known.has(name));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, VALUE_TYPE[type]]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}

async function problemOf(subject: string, make: () => Promise<void>): Promise<string | null> {
  try {
    await make();
    return null;
  } catch (error) {
    return `${subject} could not be checked or made: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function isNotFound(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === 5;
}
