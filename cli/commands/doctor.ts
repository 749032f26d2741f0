import { parseSettings } from "../../settings/parse-settings.ts";
import { useProxy } from "../../sources/proxy.ts";
import type { CommandBody } from "../command.ts";
import { checkReach, type Finding } from "../runs/check-reach.ts";
import { shownSettings } from "../runs/shown-settings.ts";

export const doctorCommand: CommandBody = {
  details: `Starts and fetches nothing. In the store it writes one object beside the data, replaces it, and deletes it, to see whether runs can
publish there; --no-write leaves that out, for credentials that may only read. Exits with 1 if a setting is wrong, or if Temporal or
the store can't be used. An unreachable source is reported; only its symbols are affected. With WORKER_HEALTH_ADDRESS set, the
worker is asked whether it is ready.`,
  options: [{ flags: "--no-write", description: "only read the store" }],
  async run({ options, env, output }) {
    const settings = parseSettings(env);
    useProxy(env);
    const shown = shownSettings(settings);
    const findings = await checkReach(settings, env, { write: options.write !== false });
    const healthy = findings.every(({ ok, needed }) => ok || !needed);
    output.out(
      options.json === true
        ? JSON.stringify({ healthy, settings: shown, checks: findings }, null, 2)
        : [...settingLines(shown), "", ...findings.map(findingLine)].join("\n"),
    );
    return healthy ? 0 : 1;
  },
};

function settingLines(shown: Readonly<Record<string, string>>): string[] {
  const width = Math.max(...Object.keys(shown).map((name) => name.length)) + 2;
  return Object.entries(shown).map(([name, value]) => `${name.padEnd(width)}${value}`);
}

function findingLine({ subject, ok, needed, detail }: Finding): string {
  return `${ok ? "ok  " : needed ? "FAIL" : "no  "}  ${subject.padEnd(14)}${detail}`;
}
