import type { Secret } from "./secret.ts";
import type { Setting } from "./setting.ts";
import type { SETTINGS } from "./settings-table.ts";

type Table = typeof SETTINGS;
/** The value of each setting, by its field in the table. */
export type SettingValues = { readonly [K in keyof Table]: Table[K] extends Setting<infer T> ? T : never };

/** Everything that the environment can set, checked at once by `parseSettings`. */
export interface Settings extends SettingValues {
  /** Where spans are sent, by OTLP over HTTP; null: nothing is traced. */
  readonly traces: TraceSettings | null;
}

export interface TraceSettings {
  /** the full address of a collector's traces */
  readonly url: string;
  /** `name=value,…`, sent along */
  readonly headers: Secret | null;
  /** shown beside each span; null: named after the process */
  readonly serviceName: string | null;
}
