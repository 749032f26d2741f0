import { parseSettings } from "../../settings/parse-settings.ts";
import type { Command } from "../command.ts";
import { checkReach, type Finding } from "../runs/check-reach.ts";
import { shownSettings } from "../runs/shown-settings.ts";

export const doctorCommand: Command = {
  name: "doctor",
  summary: "what is configured, what is reachable",
  details: `Reads only: it starts nothing, fetches nothing, writes nothing. Ends with 1 if a setting is wrong, or if Temporal or the
store could not be used. A source that can't be reached is said, and costs only its symbols.`,
  options: [],
  async run({ options, env, output }) {
    const settings = parseSettings(env);
    const shown = shownSettings(settings);
    const findings = await checkReach(settings, env);
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
  return Object.entries(shown).map(([name, value]) => `${name.padEnd(24)}${value}`);
}

function findingLine({ subject, ok, needed, detail }: Finding): string {
  return `${ok ? "ok " : needed ? "BAD" : "no "}  ${subject.padEnd(14)}${detail}`;
}
