import { ScheduleNotFoundError } from "@temporalio/client";
import { connectTemporal } from "../../dev/temporal/connect.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { SCHEDULE_ID } from "../../workflows/contract.ts";
import type { CommandBody } from "../command.ts";
import { putSchedule, type ScheduleView, viewSchedule } from "../runs/schedule.ts";

const ACTIONS = ["create", "describe", "pause", "resume", "trigger", "delete"] as const;
type Action = (typeof ACTIONS)[number];

export const scheduleCommand: CommandBody = {
  examples: [`schedule ${ACTIONS.join("|")}`],
  details: `The schedule's id is ${SCHEDULE_ID}; its cron expression is SCHEDULE, in UTC. \`create\` updates an existing schedule.
A run that is due while another is running is skipped. After a server was down for less than a day, one run catches up.

Examples:
  SCHEDULE="30 6 * * *" candlecast schedule create
  candlecast schedule pause`,
  argument: { syntax: "<action>", description: "what to do", choices: ACTIONS },
  options: [{ flags: "--reason <text>", description: "recorded with pause and resume" }],
  async run({ args, options, env, output, signal }) {
    const settings = parseSettings(env);
    const action = args[0] as Action;
    const access = await connectTemporal({ settings, env, onNote: output.note, worker: false, signal });
    const json = options.json === true;
    try {
      const { client } = access;
      const handle = client.schedule.getHandle(SCHEDULE_ID);
      const reason = typeof options.reason === "string" ? options.reason : "by candlecast schedule";
      const act: Record<Action, () => Promise<string>> = {
        create: () => putSchedule(client, settings),
        describe: async () => "described",
        pause: () => handle.pause(reason).then(() => "paused"),
        resume: () => handle.unpause(reason).then(() => "resumed"),
        trigger: () => handle.trigger().then(() => "triggered"),
        delete: () => handle.delete().then(() => "deleted"),
      };
      const done = await act[action]();
      if (access.origin === "temporary" && action === "trigger")
        output.note("no worker is running: the run starts with the next `npm start`");
      const view = await viewSchedule(client);
      if (!view && action === "describe")
        throw new Error(`there is no schedule ${SCHEDULE_ID}; create it with \`candlecast schedule create\``);
      output.out(
        json
          ? JSON.stringify({ done, schedule: view }, null, 2)
          : [`${SCHEDULE_ID}: ${done}`, ...(view ? scheduleLines(view) : [])].join("\n"),
      );
      return 0;
    } catch (error) {
      if (error instanceof ScheduleNotFoundError)
        throw new Error(`there is no schedule ${SCHEDULE_ID}; create it with \`candlecast schedule create\``, { cause: error });
      throw error;
    } finally {
      await access.close();
    }
  },
};

export function scheduleLines({ cron, paused, note, next, skipped, recent }: ScheduleView): string[] {
  return [
    `  cron     ${cron.join(", ") || "unknown"} (UTC)`,
    `  state    ${paused ? `paused${note ? `: ${note}` : ""}` : "active"}`,
    `  next     ${next ?? "none"}`,
    ...(skipped.overlap > 0 ? [`  skipped  ${skipped.overlap} runs, because the one before was still running`] : []),
    ...(skipped.missed > 0 ? [`  skipped  ${skipped.missed} runs, because the server was down for more than a day`] : []),
    ...recent.slice(0, 5).map(({ scheduledAt, workflowId }) => `  started  ${scheduledAt} ${workflowId}`),
  ];
}
