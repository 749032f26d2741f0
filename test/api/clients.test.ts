import { execFile } from "node:child_process";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { findClientTools } from "./client-tools.ts";
import { type ServedFolder, serveFolder } from "./serve-folder.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));
const README = readFileSync(join(EXAMPLES, "README.md"), "utf8");
const RUNNER = fileURLToPath(new URL("run-notebook.py", import.meta.url));
const README_ADDRESS = "http://127.0.0.1:8000";
/** Within the candle that is predicted. */
const IN_TIME = Date.parse("2017-06-01T01:00:00Z");

const tools = await findClientTools();
const folder = temporaryFolder();
const typescript = join(folder.path, "examples", "typescript");
const python = join(folder.path, "examples", "python");
let served: ServedFolder;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: IN_TIME });
  served = await serveFolder(folder.path);
  // Without what whoever tried an example out has left there.
  const isOwn = (path: string) => !/(^|\/)(node_modules|\.venv|candlecast_client|candlecast\.d\.ts)$/.test(relative(EXAMPLES, path));
  cpSync(EXAMPLES, join(folder.path, "examples"), { recursive: true, filter: isOwn });
});

afterAll(async () => {
  vi.useRealTimers();
  await served?.close();
  folder.remove();
});

/** A test that is skipped where a tool can't be had, but fails for that in CI. */
function testWith(tool: keyof typeof tools, title: string, run: () => Promise<void>): void {
  const { why } = tools[tool];
  const isSkipped = why !== "" && !process.env.CI;
  test.skipIf(isSkipped)(isSkipped ? `${title} (skipped: ${why})` : title, { timeout: 120_000 }, async () => {
    expect(why).toBe("");
    await run();
  });
}

/** Runs a line of the examples' README, against the API that is served here. */
async function runLine(line: string, cwd: string, programs: string, python?: string): Promise<string> {
  expect(README.split("\n")).toContain(line);
  const [program, ...args] = line.replace(/^npx /, "").replace(README_ADDRESS, served.url).split(" ");
  const env = { ...process.env, PATH: `${programs}${delimiter}${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
  // Programs of an environment that was moved are run as modules.
  const [file, ...first] = program === "openapi-python-client" ? [python as string, "-m", "openapi_python_client"] : [program];
  return runFile(file, [...first, ...args], { cwd, env });
}

async function runFile(file: string, args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, { maxBuffer: 1 << 26, ...options }).catch((error) => {
    throw new Error(`${file} ${args.join(" ")}:\n${error.stdout}${error.stderr}`);
  });
  return stdout;
}

interface Row {
  readonly open_time: string;
  readonly close: number;
  readonly task: string | null;
  readonly price: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly error: number | null;
  readonly within_interval: boolean | null;
  readonly actual_log_return: number;
  readonly baseline_log_return: number;
}

async function readJson(path: string) {
  return (await fetch(`${served.url}${path}`)).json();
}

async function readRows(): Promise<{ rows: Row[]; scored: Row[] }> {
  const { rows, next } = (await readJson("/symbol/HET/history?limit=1000")) as { rows: Row[]; next: null };
  expect(next).toBeNull();
  return { rows, scored: rows.filter(({ task, error }) => task === "regression" && error !== null) };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What both programs print of what is served. */
async function expectedLines(): Promise<string[]> {
  const { prediction, as_of_candle } = (await readJson("/symbol/HET")) as {
    prediction: { price: number; interval: { lower: number; upper: number } };
    as_of_candle: { close: number };
  };
  const { rows, scored } = await readRows();
  const judged = scored.filter(({ within_interval }) => within_interval !== null);
  const missed = mean(scored.map(({ error }) => Math.abs(error as number)));
  const baseline = mean(scored.map((row) => Math.abs(row.actual_log_return - row.baseline_log_return)));
  const { lower, upper } = prediction.interval;
  return [
    `HET closed at ${as_of_candle.close.toFixed(2)} on 2017-06-01 00:00 UTC.`,
    `Forecast for 2017-06-02 00:00 UTC: ${prediction.price.toFixed(2)} by linear_regression (champion).`,
    `With 90 % probability between ${lower.toFixed(2)} and ${upper.toFixed(2)}.`,
    `${new Set(rows.map(({ open_time }) => open_time)).size} candles since 2015-01-01 00:00 UTC.`,
    `${scored.length} forecasts: mean absolute error ${missed.toFixed(4)}, of the baseline ${baseline.toFixed(4)}.`,
    `${mean(judged.map(({ within_interval }) => (within_interval ? 100 : 0))).toFixed(1)} % of ${judged.length} closes lay within the interval.`,
  ];
}

describe("the TypeScript example", () => {
  const programs = join(tools.types.path, "node_modules", ".bin");
  const generate = `npx openapi-typescript ${README_ADDRESS}/openapi.json --output candlecast.d.ts`;

  testWith("types", "has types by openapi-typescript, fits them, and prints what is served", async () => {
    symlinkSync(join(tools.types.path, "node_modules"), join(typescript, "node_modules"));
    await runLine(generate, typescript, programs);
    expect(await runLine("npx tsc --project .", typescript, programs)).toBe("");
    const out = await runLine(`node main.ts ${README_ADDRESS} HET`, typescript, programs);
    expect(out.trimEnd().split("\n")).toEqual(await expectedLines());
    await expect(runFile(process.execPath, ["main.ts", served.url, "BTC"], { cwd: typescript })).rejects.toThrow("known are HET");
  });

  testWith("types", "no longer fits where an answer lacks a field that it reads", async () => {
    const document = (await readJson("/openapi.json")) as {
      components: { schemas: { Prediction: { properties: object; required: string[] } } };
    };
    const { Prediction } = document.components.schemas;
    Prediction.required = Prediction.required.filter((name) => name !== "as_of_candle");
    writeFileSync(join(typescript, "changed.json"), JSON.stringify(document));
    await runFile(join(programs, "openapi-typescript"), ["changed.json", "--output", "candlecast.d.ts"], { cwd: typescript });
    await expect(runLine("npx tsc --project .", typescript, programs)).rejects.toThrow(/'as_of_candle' is possibly 'undefined'/);
  });

  testWith("types", "needs the packages that it is tested with", async () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(EXAMPLES, "typescript", "package.json"), "utf8"));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      const installed = JSON.parse(readFileSync(join(tools.types.path, "node_modules", name, "package.json"), "utf8"));
      expect(`${name} ${installed.version}`).toBe(`${name} ${version}`);
    }
  });
});

/** Each operation that reads, by its module in the client: its answer has to be one that the client knows. */
const ASK_EVERYTHING = `
import sys
from candlecast_client import Client
from candlecast_client.api.manifests import compare_manifests, get_manifest, get_manifests
from candlecast_client.api.predictions import get_history, get_models, get_prediction, get_symbols
from candlecast_client.api.reports import get_report
from candlecast_client.api.service import get_health, get_live, get_ready, get_reload, post_reload
from candlecast_client.models import GetHistoryModel

client = Client(base_url=sys.argv[1], raise_on_unexpected_status=True)
manifest = get_health.sync(client=client).manifest.version
answers = [get_live.sync(client=client), get_ready.sync(client=client), get_reload.sync(client=client), post_reload.sync(client=client)]
answers += [get_models.sync(client=client), get_symbols.sync(client=client), get_prediction.sync("HET", client=client)]
answers += [get_history.sync("HET", client=client, model=GetHistoryModel.ALL), get_report.sync("HET", client=client)]
answers += [get_manifests.sync(client=client), get_manifest.sync(manifest, client=client)]
answers += [compare_manifests.sync(manifest, manifest, client=client), get_prediction.sync("BTC", client=client)]
print(" ".join(type(answer).__name__ for answer in answers))
`;

describe("the Python example", () => {
  const generate = `openapi-python-client generate --url ${README_ADDRESS}/openapi.json --meta none --output-path candlecast_client`;
  const { path } = tools.generator;

  testWith("generator", "has a client by openapi-python-client, without a warning, and prints what is served", async () => {
    const said = await runLine(generate, python, dirname(path), path);
    expect(said).not.toMatch(/warning|error/i);
    const out = await runLine(`python main.py ${README_ADDRESS} HET`, python, dirname(path));
    expect(out.trimEnd().split("\n")).toEqual(await expectedLines());
    await expect(runFile(path, ["main.py", served.url, "BTC"], { cwd: python })).rejects.toThrow("known are HET");
  });

  testWith("generator", "can read every other answer with that client", async () => {
    const out = await runFile(path, ["-c", ASK_EVERYTHING, served.url], { cwd: python });
    expect(out.trim()).toBe(
      "Alive Ready Reloaded Reloaded ModelList SymbolList Prediction History Report ManifestList Manifest ManifestComparison Problem",
    );
  });

  testWith("generator", "needs the packages that it is tested with", async () => {
    const frozen = await runFile(path, ["-m", "pip", "freeze", "--disable-pip-version-check"], { cwd: python });
    expect(frozen.split("\n")).toEqual(expect.arrayContaining(requirementsOf("python")));
  });
});

interface Cell {
  readonly cell_type: string;
  readonly id: string;
  readonly source: readonly string[];
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
}

describe("the notebook", () => {
  const file = join(EXAMPLES, "notebook", "history.ipynb");
  const { path } = tools.python;

  test("is one of format 4.5, without results", () => {
    const notebook = JSON.parse(readFileSync(file, "utf8")) as { nbformat: number; nbformat_minor: number; cells: Cell[] };
    expect(notebook).toMatchObject({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: "python3", display_name: "Python 3" } },
    });
    expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(notebook.cells.length);
    for (const { cell_type, id, source, outputs, execution_count } of notebook.cells) {
      expect(id).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
      expect(source.every((line, i) => line.endsWith("\n") === i < source.length - 1)).toBe(true);
      if (cell_type === "code") expect({ outputs, execution_count }).toEqual({ outputs: [], execution_count: null });
      else
        expect({ cell_type, outputs, execution_count }).toEqual({ cell_type: "markdown", outputs: undefined, execution_count: undefined });
    }
  });

  testWith("python", "reads the history as Arrow and draws the same closes, forecasts and intervals as JSON has", async () => {
    const env = { ...process.env, CANDLECAST_URL: served.url, SYMBOL: "HET", MPLCONFIGDIR: folder.path };
    const [{ title, lines, band }, ...others] = JSON.parse(await runFile(path, [RUNNER, file], { cwd: folder.path, env })) as {
      title: string;
      lines: Record<string, number[]>;
      band: { label: string; heights: number[] };
    }[];
    const { rows, scored } = await readRows();
    const closes = new Map(rows.map(({ open_time, close }) => [open_time, close]));
    const shown = scored.slice(-120);
    expect(others).toEqual([]);
    expect(title).toContain("HET");
    expect(lines).toEqual({ close: [...closes.values()].slice(-120), "predicted close": shown.map(({ price }) => price) });
    expect(band.label).toBe("interval");
    expect(new Set(band.heights)).toEqual(new Set(shown.flatMap(({ lower, upper }) => [lower, upper])));
  });

  testWith("python", "needs the packages that it is tested with", async () => {
    const frozen = await runFile(path, ["-m", "pip", "freeze", "--disable-pip-version-check"], { cwd: folder.path });
    expect(frozen.split("\n")).toEqual(expect.arrayContaining(requirementsOf("notebook")));
  });
});

function requirementsOf(example: string): string[] {
  return readFileSync(join(EXAMPLES, example, "requirements.txt"), "utf8")
    .trim()
    .split("\n");
}
