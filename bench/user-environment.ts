import { delimiter, join } from "node:path";
import { SETTINGS } from "../settings/settings-table.ts";

/** What npm adds for its scripts: with its cache among them a HOME would not be empty. */
const OF_NPM_SCRIPTS =
  /^(npm_(lifecycle|package|command|execpath|node_execpath)|npm_config_(cache|globalconfig|global_prefix|init_module|local_prefix|node_gyp|npm_version|prefix|user_agent|userconfig|noproxy)$|INIT_CWD$)/;
const OF_LIBRARIES = /^(TEMPORAL_|OTEL_|AWS_|NODE_OPTIONS$)/;
/** Where the Temporal CLI lies is part of the machine. */
const KEPT = "TEMPORAL_CLI";

/**
 * The environment of somebody who types a command: this process's, without what npm adds for its scripts and without
 * this project's settings and Temporal's.
 */
export function userEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const settings = new Set(Object.values(SETTINGS).map(({ variable }) => variable as string));
  const isLeftOut = (name: string) => settings.has(name) || OF_NPM_SCRIPTS.test(name) || OF_LIBRARIES.test(name);
  const kept = Object.entries(env).filter(([name]) => name === KEPT || !isLeftOut(name));
  const path = (env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes(join("node_modules", ".bin")));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}
