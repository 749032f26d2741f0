import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Connection, WorkflowFailedError } from "@temporalio/client";
import { DefaultLogger, Runtime } from "@temporalio/worker";
import { QUEUE_KINDS, type QueueKind } from "../../activities/task-queues.ts";
import type { WorkerSet } from "../../cli/worker/run-workers.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { startDevServer } from "../../dev/temporal/dev-server.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import type { Settings } from "../../settings/settings.ts";
import { plainServer } from "../../settings/temporal-server.ts";
import { kindOf, type ObjectKind } from "../../storage/layout.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { openStore } from "../../storage/object-store/open-store.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import { startWorkers } from "../../worker.ts";
import {
  type BackfillInput,
  type BackfillResult,
  type PipelineInput,
  type PipelineResult,
  WORKFLOW_TYPES,
} from "../../workflows/contract.ts";
import type { IngestSymbolInput } from "../../workflows/ingest-symbol.ts";
import type { SymbolOutcome } from "../../workflows/symbol-outcome.ts";

/** A whole system on free ports and a temporary folder: Temporal, workers, a file store. */
export interface System {
  readonly client: Client;
  readonly store: ObjectReader;
  readonly storeFolder: string;
  readonly settings: Settings;
  readonly address: string;
  readonly uiUrl: string;
  /** Starts workers for further kinds of queues. */
  serve(kinds: readonly QueueKind[]): Promise<void>;
  run(input: PipelineInput): Promise<PipelineResult>;
  backfill(input: BackfillInput): Promise<BackfillResult>;
  /** Only one symbol's candles and features. */
  ingest(input: IngestSymbolInput): Promise<SymbolOutcome>;
  lastWorkflowId(): string;
  manifest(): Promise<Manifest | null>;
  stop(): Promise<void>;
}

Runtime.install({ logger: new DefaultLogger("ERROR"), shutdownSignals: [] });

/** Nothing listens there: a source that can't be reached. */
const CLOSED = "http://127.0.0.1:1";

/** @param queues kinds of task queues that are served from the start */
export async function startSystem(
  env: Record<string, string> = {},
  { queues = QUEUE_KINDS }: { queues?: readonly QueueKind[] } = {},
): Promise<System> {
  const stateDir = await mkdtemp(join(tmpdir(), "candlecast-test-"));
  const settings = parseSettings({
    STATE_DIR: stateDir,
    BINANCE_URL: CLOSED,
    KRAKEN_URL: CLOSED,
    CRYPTOCOMPARE_URL: CLOSED,
    LOG_LEVEL: "WARN",
    ...env,
  });
  const server = await startDevServer({
    binary: (await findTemporal()).path,
    stateDir,
    port: null,
    uiPort: null,
    namespace: settings.temporalNamespace,
  });
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection, namespace: settings.temporalNamespace });
  const workers: WorkerSet[] = [];
  const serve = async (kinds: readonly QueueKind[]) => {
    workers.push(await startWorkers({ settings, server: plainServer(settings.temporalNamespace, server.address), queues: kinds }));
  };
  await serve(queues);
  const store = openStore(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
  let runs = 0;
  let lastId = "";
  const execute = async <T>(type: string, input: unknown): Promise<T> => {
    lastId = `${type}-${++runs}`;
    try {
      return await client.workflow.execute(type, { taskQueue: settings.taskQueue, workflowId: lastId, args: [input] });
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw rootCause(error);
      throw error;
    }
  };
  return {
    client,
    store,
    storeFolder: join(stateDir, "store"),
    settings,
    address: server.address,
    uiUrl: server.uiUrl,
    serve,
    run: (input) => execute(WORKFLOW_TYPES.pipeline, input),
    backfill: (input) => execute(WORKFLOW_TYPES.backfill, input),
    ingest: (input) => execute(WORKFLOW_TYPES.ingestSymbol, input),
    lastWorkflowId: () => lastId,
    manifest: async () => (await readLatest(store))?.manifest ?? null,
    async stop() {
      await Promise.all(workers.map((set) => set.shutdown()));
      await connection.close();
      await server.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** Keys with sizes and times of change. If they are equal before and after, nothing was written. */
export async function listObjects(store: ObjectReader): Promise<string[]> {
  const found: string[] = [];
  for await (const { key, bytes, lastModified } of store.list("")) found.push(`${key} ${bytes} ${lastModified}`);
  return found;
}

/** Kinds of the objects in a store, and the keys that are of no kind in the layout. */
export async function listKinds(store: ObjectReader): Promise<{ kinds: ObjectKind[]; unknown: string[] }> {
  const kinds = new Set<ObjectKind>();
  const unknown: string[] = [];
  for await (const { key } of store.list("")) {
    const kind = kindOf(key);
    if (kind === null) unknown.push(key);
    else kinds.add(kind);
  }
  return { kinds: [...kinds].sort(), unknown };
}

function rootCause(error: Error): Error {
  let inner: Error = error;
  while (inner.cause instanceof Error) inner = inner.cause;
  return inner;
}
