import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { problemsOf, runTool } from "../run-tool.ts";
import type { Tools } from "../tools.ts";

/**
 * `terraform fmt`, `validate` and `test` of a folder, on a copy, so that no lock file of the provider's stand-in is left.
 * The stand-in has the real provider's schema only: what AWS itself refuses isn't seen.
 */
export async function checkTerraform(folder: string, tools: Tools, testArguments: readonly string[] = []): Promise<string[]> {
  return inCopy(folder, tools, async (copy, env) => {
    const run = (...args: string[]) => problemsOf(programOf(tools), args, { cwd: copy, env });
    const unformatted = (await run("fmt", "-check", "-recursive")).map((file) => `${file} is not as \`terraform fmt\` writes it`);
    const begun = await run("init", "-backend=false", "-input=false", "-no-color");
    if (begun.length > 0) return [...unformatted, ...begun];
    const invalid = await run("validate", "-no-color");
    if (invalid.length > 0) return [...unformatted, ...invalid];
    const failed = await run("test", "-no-color", ...testArguments);
    return [...unformatted, ...failed.filter((line) => !/(pass|in progress|tearing down)$/.test(line))];
  });
}

/** Values of resources after a file of tests has applied its mocks, by address: `aws_iam_role_policy.pod["worker"]`. */
export async function statesOfTest(
  folder: string,
  tools: Tools,
  file: string,
): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  return inCopy(folder, tools, async (copy, env) => {
    const begun = await problemsOf(programOf(tools), ["init", "-backend=false", "-input=false", "-no-color"], { cwd: copy, env });
    if (begun.length > 0) throw new Error(begun.join("; "));
    const { text } = await runTool(programOf(tools), ["test", "-json", "-verbose", `-filter=tests/${file}`], { cwd: copy, env });
    const events = text.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as TestEvent] : []));
    const resources = events.flatMap(({ test_state }) => test_state?.root_module?.resources ?? []);
    if (resources.length === 0) throw new Error(`terraform test of ${file} shows no state: ${text.slice(-500)}`);
    return new Map(resources.map(({ address, values }) => [address, values]));
  });
}

interface TestEvent {
  readonly test_state?: {
    readonly root_module?: {
      readonly resources?: readonly { readonly address: string; readonly values: Readonly<Record<string, unknown>> }[];
    };
  };
}

async function inCopy<T>(folder: string, tools: Tools, work: (copy: string, env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), "candlecast-terraform-"));
  const env = {
    ...process.env,
    TF_CLI_CONFIG_FILE: tools.terraform?.configFile,
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    AWS_STUB_TYPES: typesIn(folder).join(","),
  };
  try {
    cpSync(folder, copy, { recursive: true, filter: (path) => !/(^|\/)(\.terraform|\.terraform\.lock\.hcl)($|\/)/.test(path) });
    return await work(copy, env);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function programOf({ terraform }: Tools): string {
  if (!terraform) throw new Error("terraform is not on PATH");
  return terraform.program;
}

/** Types of resources and data sources that a folder's files use. */
function typesIn(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".tf"));
  const text = files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
  return [...new Set([...text.matchAll(/^(?:resource|data) "(aws_\w+)"/gm)].map(([, type]) => type))];
}
