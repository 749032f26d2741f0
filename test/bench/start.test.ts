import { expect, test } from "vitest";
import { installMs } from "../../bench/start/install-time.ts";
import { isFirstLine, namesRun } from "../../bench/start/start-lines.ts";
import { userEnvironment } from "../../bench/user-environment.ts";

test("the first line of `npm start` is candlecast's, not npm's", () => {
  const lines = ["", "> candlecast@0.1.0 start", "> node scripts/start.mjs", "", "starting Temporal, worker and API …"];
  expect(lines.find(isFirstLine)).toBe("starting Temporal, worker and API …");
});

test("a run has started when a line names its page", () => {
  expect(namesRun("the run           http://127.0.0.1:8233/namespaces/default/workflows/pipeline-2026-11-29T02%3A24%3A06.236Z")).toBe(true);
  expect(namesRun("Temporal Web UI   http://127.0.0.1:8233")).toBe(false);
});

test("npm's time is from the first to the last sight of the processes that install", () => {
  const seen = (command: string, firstMs: number, lastMs: number) => ({ pid: 1, command, cpuMs: 0, peakMb: 0, firstMs, lastMs });
  const processes = [seen("npm start", 0, 40_000), seen("npm ci", 500, 14_000), seen("node /usr/bin/npm ci", 300, 14_100)];
  expect(installMs(processes)).toBe(13_800);
  expect(installMs([seen("npm start", 0, 40_000), seen("node cli/main.ts up", 0, 1)])).toBeNull();
});

test("a user's environment has neither this project's settings nor what npm adds for its scripts", () => {
  const env = userEnvironment({
    HOME: "/somewhere",
    SYMBOLS: "BTC",
    TEMPORAL_ADDRESS: "elsewhere:7233",
    TEMPORAL_CLI: "/opt/temporal",
    npm_lifecycle_event: "bench:start",
    npm_config_cache: "/elsewhere/npm",
    PATH: "/project/node_modules/.bin:/usr/bin",
  });
  expect(env).toEqual({ HOME: "/somewhere", TEMPORAL_CLI: "/opt/temporal", PATH: "/usr/bin" });
});
