import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { type ServedFolder, serveFolder } from "./serve-folder.ts";

const TOOLS = new URL("../../scripts/", import.meta.url);
const CONFIG = fileURLToPath(new URL("schemathesis.toml", import.meta.url));
const folder = temporaryFolder();
const file = (name: string) => join(folder.path, name);
let served: ServedFolder;

beforeAll(async () => {
  served = await serveFolder(folder.path, { env: { UNREADY_AFTER: "3153600000" } });
  writeFileSync(file("openapi.json"), await (await fetch(`${served.url}/openapi.json`)).text());
});

afterAll(async () => {
  await served?.close();
  folder.remove();
});

/** What a program says, whether it is content or not. */
async function run(program: string, args: readonly string[]): Promise<{ code: number; text: string }> {
  const options = { cwd: folder.path, env: { ...process.env, NO_COLOR: "1", CI: "1" }, maxBuffer: 64 * 1024 * 1024 };
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, options);
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: number; stdout?: string; stderr?: string };
    return { code: code ?? -1, text: stdout + stderr };
  }
}

async function linter(name: string): Promise<string> {
  const { getNpmTools } = (await import(new URL("npm-tools.mjs", TOOLS).href)) as { getNpmTools(set: string): Promise<string> };
  return join(await getNpmTools("openapi-linters"), "node_modules", ".bin", name);
}

describe("the OpenAPI document", () => {
  test("has no error and no warning by Redocly's recommended rules", { timeout: 120_000 }, async () => {
    writeFileSync(file("redocly.yaml"), "extends:\n  - recommended\n");
    const { code, text } = await run(await linter("redocly"), ["lint", "openapi.json", "--format=stylish"]);
    expect(text).not.toMatch(/\b(warning|error)\b/);
    expect(code).toBe(0);
  });

  test("has no error and no warning by Spectral's rules for OpenAPI", { timeout: 120_000 }, async () => {
    writeFileSync(file(".spectral.yaml"), 'extends: ["spectral:oas"]\n');
    const { code, text } = await run(await linter("spectral"), ["lint", "openapi.json", "--fail-severity=hint"]);
    expect(text).not.toMatch(/\b(warning|error)\s{2}/);
    expect(code).toBe(0);
  });
});

/** The report holds no more of a body than this. */
const CUT_AT = 1024 * 1024;

interface Har {
  readonly log: {
    readonly entries: readonly {
      readonly request: { readonly method: string; readonly url: string; readonly postData?: { readonly text?: string } };
      readonly response: { readonly status: number; readonly content: { readonly text?: string; readonly mimeType: string } };
    }[];
  };
}

test("2,000 distinct requests that Schemathesis makes up are answered as the document says, every body by strict JSON", {
  timeout: 300_000,
}, async () => {
  const { getEnvironment } = (await import(new URL("python-venv.mjs", TOOLS).href)) as { getEnvironment(name: string): Promise<string> };
  const python = await getEnvironment("schemathesis");
  const versions = `[dictionaries.versions]\nvalues = ["${served.version}"]\n`;
  const known = ["version", "other", "before"].map((name) => `[parameters.${name}]\ndictionary = "versions"\nprobability = 0.2\n`);
  writeFileSync(file("schemathesis.toml"), [readFileSync(CONFIG, "utf8"), versions, ...known].join("\n"));
  const { code, text } = await run(python, [
    ...["-m", "schemathesis.cli", "--config-file", file("schemathesis.toml"), "run", file("openapi.json"), "--url", served.url],
    // Events don't end by themselves; they have tests of their own.
    ...["--exclude-path", "/events", "--checks", "all", "--max-examples", "390", "--seed", "1", "--generation-database", "none"],
    ...["--report", "har", "--report-har-path", file("cases.har")],
  ]);
  expect(code, text.slice(-6_000)).toBe(0);
  const { entries } = (JSON.parse(readFileSync(file("cases.har"), "utf8")) as Har).log;
  const distinct = new Set(entries.map(({ request: { method, url, postData } }) => `${method} ${url} ${postData?.text ?? ""}`));
  const answered = entries.filter(({ response }) => response.status === 200);
  process.stdout.write(`Schemathesis: ${entries.length} requests, ${distinct.size} distinct, ${answered.length} answered with 200\n`);
  expect(distinct.size).toBeGreaterThanOrEqual(2_000);
  expect(answered.length).toBeGreaterThanOrEqual(500);
  for (const { response } of entries) {
    expect(response.status).toBeLessThan(500);
    const { mimeType, text: body = "" } = response.content;
    if (/json/.test(mimeType) && body !== "" && body.length < CUT_AT) expect(() => JSON.parse(body)).not.toThrow();
  }
});
