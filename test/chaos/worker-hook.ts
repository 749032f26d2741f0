/**
 * Loaded before worker.ts (`node --import`): kills its process at a boundary of an activity, and moves its clock. Nothing
 * of this is in the code that runs for users.
 *
 * CHAOS_KILL_AT `ACTIVITY:POINT`, where ACTIVITY is a type, or `trainModel/ALGORITHM`, and POINT is
 *   taken      the task was taken, its first line has not run
 *   done       its last line has run, its answer has not been reported
 *   answered   a moment after its answer was reported
 * CHAOS_CLOCK a file with the milliseconds by which Date is ahead; read again every 50 ms
 */
import { readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const ANSWER_MS = 10;

if (isMainThread) {
  if (process.env.CHAOS_CLOCK) moveClock(process.env.CHAOS_CLOCK);
  if (process.env.CHAOS_KILL_AT) await killAt(process.env.CHAOS_KILL_AT);
}

async function killAt(where: string): Promise<void> {
  const [wanted, point] = where.split(":");
  const { Worker } = await import("@temporalio/worker");
  const create = Worker.create;
  const die = () => process.kill(process.pid, "SIGKILL");
  Worker.create = (options) =>
    create.call(Worker, {
      ...options,
      interceptors: {
        ...options.interceptors,
        activity: [
          ...(options.interceptors?.activity ?? []),
          ({ info }) => ({
            inbound: {
              async execute(input, next) {
                const { algorithm } = (input.args[0] ?? {}) as { algorithm?: string };
                const isIt = [info.activityType, `${info.activityType}/${algorithm}`].includes(wanted);
                if (isIt && point === "taken") die();
                const result = await next(input);
                if (isIt && point === "done") die();
                if (isIt && point === "answered") setTimeout(die, ANSWER_MS);
                return result;
              },
            },
          }),
        ],
      },
    });
}

function moveClock(file: string): void {
  const RealDate = Date;
  let aheadMs = 0;
  const poll = () => {
    aheadMs = Number(readFileSync(file, "utf8"));
  };
  poll();
  setInterval(poll, 50).unref();
  const now = () => RealDate.now() + aheadMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
}
