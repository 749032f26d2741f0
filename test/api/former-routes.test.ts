import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROBLEM_TYPES } from "../../api/http/problem-types.ts";
import { SERVICE_STATES } from "../../api/served/service-state.ts";
import { SETTINGS } from "../../settings/settings-table.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type ServedFolder, serveFolder } from "./serve-folder.ts";

const MIGRATION = readFileSync(new URL("../../docs/migration.md", import.meta.url), "utf8");
/** The first cells of the table's rows. */
const FORMER = [...MIGRATION.matchAll(/^\| `GET (\/[^`]*)` \| (?:the same path|redirects)/gm)].map(([, path]) => path);
const folder = temporaryFolder();
let served: ServedFolder;

beforeAll(async () => {
  served = await serveFolder(folder.path, { env: { BASE_PATH: "/prod" } });
});
afterAll(async () => {
  await served?.close();
  folder.remove();
});

test("docs/migration.md has every path of the former service", () => {
  expect(FORMER).toEqual(["/health", "/models", "/symbol/BTC", "/symbol/HET", "/reload", "/docs", "/redoc"]);
});

test.each(FORMER)("%s is answered below /prod, and below nothing where a proxy has removed it", async (path) => {
  // The coin that is served here; the others are answered in the same way.
  const asked = path.replace("BTC", "het");
  for (const base of ["/prod", ""]) {
    const response = await fetch(`${served.url}${base}${asked}`);
    expect(response.status).toBe(200);
    expect(response.url).toBe(`${served.url}${base}${asked.replace("/redoc", "/docs")}`);
  }
});

test("the error that docs/migration.md shows is the one that is answered", async () => {
  const [, shown] = /```json\n([^]*?)```/.exec(MIGRATION) ?? [];
  const response = await fetch(`${served.url}/prod/symbol/FOO`);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(await response.json()).toEqual(JSON.parse(shown));
});

test("docs/migration.md names states, limits and their answers as the code has them", () => {
  const health = MIGRATION.split("\n").find((line) => line.startsWith("| `GET /health`")) as string;
  for (const state of Object.keys(SERVICE_STATES)) expect(health).toContain(`\`${state}\``);
  const limits = MIGRATION.slice(MIGRATION.indexOf("## Limits"), MIGRATION.indexOf("## Caching"));
  const variables = new Set(Object.values(SETTINGS).map(({ variable }) => variable));
  const statuses = new Set<number>(Object.values(PROBLEM_TYPES).map(({ status }) => status));
  for (const [, variable] of limits.matchAll(/`([A-Z_]+)`/g)) expect(variables).toContain(variable);
  for (const [, status] of limits.matchAll(/ (\d{3}) \|/g)) expect(statuses).toContain(Number(status));
});

test.each(["/symbol/HET", "/models", "/symbol/HET/report.json", "/symbol/HET/history", "/", "/docs", "/coin/HET"])(
  "%s can be asked for conditionally, by the tag of any form",
  async (path) => {
    for (const encoding of ["identity", "gzip", "br"]) {
      const headers = { "Accept-Encoding": encoding };
      const first = await fetch(`${served.url}${path}`, { headers });
      await first.arrayBuffer();
      expect(first.headers.get("cache-control")).toMatch(/^public, max-age=\d+$/);
      const again = await fetch(`${served.url}${path}`, { headers: { "If-None-Match": first.headers.get("etag") as string } });
      expect(again.status).toBe(304);
      expect(await again.text()).toBe("");
    }
  },
);

test.each(["/health", "/live", "/ready", "/reload", "/symbol/FOO", "/nothing"])("%s is kept by no cache", async (path) => {
  const response = await fetch(`${served.url}${path}`);
  await response.arrayBuffer();
  expect(response.headers.get("cache-control")).toBe("no-store");
});
