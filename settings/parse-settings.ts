import { InvalidInputError } from "../core/vocabulary/errors.ts";
import type { Setting } from "./setting.ts";
import type { Settings, SettingValues, TraceSettings } from "./settings.ts";
import { SETTINGS } from "./settings-table.ts";
import { Refusal, SecretRefusal } from "./value-parsers.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * All settings from environment variables, checked at once. An empty variable counts as not set.
 *
 * @throws {InvalidInputError} with one line for each wrong variable, naming it and its value (a secret's value is left out)
 */
export function parseSettings(env: Environment): Settings {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [field, setting] of Object.entries<Setting<unknown>>(SETTINGS)) values[field] = readSetting(setting, env, values, problems);
  const settings = values as SettingValues;
  if (settings.source === "cryptocompare" && !settings.cryptocompareApiKey) {
    problems.push("CRYPTOCOMPARE_API_KEY is not set, but CANDLE_SOURCE is cryptocompare, which only answers with a key");
  }
  if (problems.length > 0) {
    throw new InvalidInputError(
      `${problems.length === 1 ? "One setting is" : `${problems.length} settings are`} wrong:\n${problems.map((line) => `  - ${line}`).join("\n")}`,
    );
  }
  return { ...settings, traces: traceSettings(settings) };
}

/** A setting's value from the first of its variables that is set and right, or else its fallback; wrong ones are added to the problems. */
function readSetting(
  { variable, aliases = [], parse, fallback }: Setting<unknown>,
  env: Environment,
  earlier: object,
  problems: string[],
): unknown {
  const given = [variable, ...aliases].flatMap((name) => {
    const text = env[name]?.trim();
    if (!text) return [];
    try {
      return [parse(text)];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const shown = error instanceof SecretRefusal ? "not readable" : JSON.stringify(text);
      problems.push(`${name} is ${shown}, but should be ${error.wanted}`);
      return [];
    }
  });
  if (given.length > 0) return given[0];
  return typeof fallback === "function" ? fallback(earlier as never) : fallback;
}

function traceSettings(values: SettingValues): TraceSettings | null {
  const { otlpTracesEndpoint: url, otlpTracesHeaders: headers, otelServiceName: serviceName } = values;
  return url === null || values.otelSdkDisabled || values.otelTracesExporter === "none" ? null : { url, headers, serviceName };
}
