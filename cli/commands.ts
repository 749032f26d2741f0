import type { Command, CommandBody } from "./command.ts";

/** A command by its name; what it needs is loaded when it is called. */
export interface CommandEntry extends Pick<Command, "name" | "summary"> {
  load(): Promise<CommandBody>;
}

/** Every command, in the order of `--help`. To add one, add a row. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "up",
    summary: "start Temporal, worker and API, run the pipeline once, print the links",
    load: async () => (await import("./commands/up.ts")).upCommand,
  },
  {
    name: "pipeline",
    summary: "run the pipeline once and wait for it",
    load: async () => (await import("./commands/pipeline.ts")).pipelineCommand,
  },
  {
    name: "backfill",
    summary: "fetch what is missing, stale or failed, window by window; --plan only lists it",
    load: async () => (await import("./commands/backfill.ts")).backfillCommand,
  },
  {
    name: "import",
    summary: "import candles from CSV and Parquet files",
    load: async () => (await import("./commands/import.ts")).importCommand,
  },
  {
    name: "export",
    summary: "write stored candles as CSV, Parquet or Arrow",
    load: async () => (await import("./commands/export.ts")).exportCommand,
  },
  {
    name: "score",
    summary: "score kept forecasts whose candles have closed",
    load: async () => (await import("./commands/score.ts")).scoreCommand,
  },
  {
    name: "schedule",
    summary: "manage the daily run",
    load: async () => (await import("./commands/schedule.ts")).scheduleCommand,
  },
  {
    name: "status",
    summary: "show the last runs, why they failed, and how fresh candles and manifest are",
    load: async () => (await import("./commands/status.ts")).statusCommand,
  },
  {
    name: "replay",
    summary: "check whether past runs still replay with this code",
    load: async () => (await import("./commands/replay.ts")).replayCommand,
  },
  {
    name: "reproduce",
    summary: "rebuild a manifest's features and models from the stored candles, and compare digests",
    load: async () => (await import("./commands/reproduce.ts")).reproduceCommand,
  },
  {
    name: "verify",
    summary: "check the digest of everything that a manifest names, and of the manifest itself",
    load: async () => (await import("./commands/verify.ts")).verifyCommand,
  },
  {
    name: "rollback",
    summary: "serve an earlier manifest again and record the reason",
    load: async () => (await import("./commands/rollback.ts")).rollbackCommand,
  },
  {
    name: "gc",
    summary: "list objects that no retained manifest names; --delete deletes them",
    load: async () => (await import("./commands/gc.ts")).gcCommand,
  },
  {
    name: "migrate",
    summary: "move candle files of earlier versions to where pandas, pyarrow, Polars, DuckDB and Spark read them",
    load: async () => (await import("./commands/migrate.ts")).migrateCommand,
  },
  {
    name: "doctor",
    summary: "show the settings and what can be reached",
    load: async () => (await import("./commands/doctor.ts")).doctorCommand,
  },
  {
    name: "smoke",
    summary: "check a running API from outside, by its address",
    load: async () => (await import("./commands/smoke.ts")).smokeCommand,
  },
];

/** A command with all that it needs. */
export async function loadCommand({ name, summary, load }: CommandEntry): Promise<Command> {
  return { name, summary, ...(await load()) };
}
