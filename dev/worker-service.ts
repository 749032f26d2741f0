import { join } from "node:path";
import type { Settings } from "../settings/settings.ts";
import { environmentFor, type TemporalServer } from "../settings/temporal-server.ts";
import { sparingEnvironment } from "./processes/return-memory.ts";
import type { ServiceOptions } from "./processes/service.ts";
import { projectFile } from "./project-file.ts";

/** How the worker is started, by `up` and for a single command: it connects to the server that is given here. */
export function workerService(settings: Settings, env: NodeJS.ProcessEnv, server: TemporalServer): ServiceOptions {
  return {
    name: "worker",
    entry: projectFile("worker.ts"),
    env: sparingEnvironment(environmentFor(server, env)),
    logFile: join(settings.stateDir, "worker.log"),
  };
}
