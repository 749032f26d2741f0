import type { ConnectionLike } from "@temporalio/client";
import proto from "@temporalio/proto";
import { SEARCH_ATTRIBUTES } from "../../workflows/contract.ts";
import { pause } from "../processes/pause.ts";

const { IndexedValueType } = proto.temporal.api.enums.v1;
const VALUE_TYPE = {
  Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  KeywordList: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
  Double: IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
};

/** How long the history of a finished run is kept. */
const RETENTION_SECONDS = 30 * 86_400;
const TRIES = 80;
const BETWEEN_MS = 250;
/** gRPC's codes. */
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const { TASK_QUEUE_TYPE_WORKFLOW: WORKFLOW_TASKS } = proto.temporal.api.enums.v1.TaskQueueType;

export interface Preparation {
  /** What was created: `namespace prices`, `search attribute CandlecastSymbol (KeywordList)`. */
  readonly created: readonly string[];
  /** One sentence for each thing that could not be checked, usually because this user may not look at it. */
  readonly unchecked: readonly string[];
}

/**
 * Creates the namespace and the search attributes where they are missing, and waits until a new namespace can be used:
 * a server caches its namespaces for some seconds. Safe to run twice.
 *
 * @throws {Error} naming what is missing and could not be created: no run would get on without it
 */
export async function prepareNamespace(connection: ConnectionLike, namespace: string): Promise<Preparation> {
  const unchecked: string[] = [];
  const attempt = async <T>(subject: string, fallback: T, prepare: () => Promise<T>): Promise<T> => {
    try {
      return await prepare();
    } catch (error) {
      if (error instanceof MissingError) throw error;
      unchecked.push(`${subject} could not be checked: ${messageOf(error)}`);
      return fallback;
    }
  };
  const isNew = await attempt(`namespace ${namespace}`, false, () => createNamespace(connection, namespace));
  const attributes = await attempt(`search attributes of namespace ${namespace}`, [], () =>
    retryWhileNew(isNew, () => createSearchAttributes(connection, namespace)),
  );
  if (isNew) await retryWhileNew(true, () => connection.workflowService.countWorkflowExecutions({ namespace }));
  return { created: [...(isNew ? [`namespace ${namespace}`] : []), ...attributes], unchecked };
}

/**
 * Asks the part of the server that workers poll. It may lag behind the rest by half a minute when a server is replaced by a new one.
 *
 * @throws {Error} where it doesn't answer yet
 */
export async function assertTaskQueue(connection: ConnectionLike, namespace: string, taskQueue: string): Promise<void> {
  try {
    await connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType: WORKFLOW_TASKS });
  } catch (error) {
    if (hasCode(error, PERMISSION_DENIED)) return;
    throw error;
  }
}

/** Keeps finished runs on a server of our own for longer than its default, a single day. */
export async function lengthenRetention(connection: ConnectionLike, namespace: string): Promise<void> {
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: { seconds: RETENTION_SECONDS as never } },
  });
}

/** Thrown where something is missing and this user may not create it. */
class MissingError extends Error {
  override readonly name = "Missing";
}

/** @returns whether it was missing, and is created now */
async function createNamespace(connection: ConnectionLike, namespace: string): Promise<boolean> {
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
    throw new MissingError(`there is no namespace ${namespace}, and it could not be created: ${messageOf(cause)}`, { cause });
  }
  return true;
}

/** @returns names and types of those that were missing, and are created now */
async function createSearchAttributes(connection: ConnectionLike, namespace: string): Promise<string[]> {
  const known = new Set(Object.keys((await connection.operatorService.listSearchAttributes({ namespace })).customAttributes ?? {}));
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !known.has(name));
  if (missing.length === 0) return [];
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
        `namespace ${namespace} lacks search attributes, and they could not be created (${messageOf(cause)}). Ask its administrator to run`,
        ...commands,
      ].join("\n"),
      { cause },
    );
  }
  return missing.map(([name, type]) => `search attribute ${name} (${type})`);
}

/** Tries again for 20 s while a new namespace isn't found. */
async function retryWhileNew<T>(isNew: boolean, action: () => Promise<T>): Promise<T> {
  for (let i = 1; ; i++) {
    try {
      return await action();
    } catch (error) {
      if (!isNew || !isNotFound(error) || i >= TRIES) throw error;
      await pause(BETWEEN_MS);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isNotFound(error: unknown): boolean {
  return hasCode(error, NOT_FOUND);
}

function hasCode(error: unknown, code: number): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
