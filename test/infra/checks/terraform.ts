import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { problemsOf } from "../run-tool.ts";
import type { Tools } from "../tools.ts";

/**
 * `terraform fmt`, `validate` and `test` of a folder, on a copy, so that no lock file of the provider's stand-in is left.
 * The stand-in has the real provider's schema only: what AWS itself refuses isn't seen.
 */
export async function checkTerraform(folder: string, { terraform }: Tools, testArguments: readonly string[] = []): Promise<string[]> {
  if (!terraform) return [];
  const copy = mkdtempSync(join(tmpdir(), "candlecast-terraform-"));
  const env = {
    ...process.env,
    TF_CLI_CONFIG_FILE: terraform.configFile,
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    AWS_STUB_TYPES: typesIn(folder).join(","),
  };
  const run = (...args: string[]) => problemsOf(terraform.program, args, { cwd: copy, env });
  try {
    cpSync(folder, copy, { recursive: true, filter: (path) => !/(^|\/)(\.terraform|\.terraform\.lock\.hcl)($|\/)/.test(path) });
    const unformatted = (await run("fmt", "-check", "-recursive")).map((file) => `${file} is not as \`terraform fmt\` writes it`);
    const begun = await run("init", "-backend=false", "-input=false", "-no-color");
    if (begun.length > 0) return [...unformatted, ...begun];
    const invalid = await run("validate", "-no-color");
    return [
      ...unformatted,
      ...invalid,
      ...(invalid.length > 0
        ? []
        : (await run("test", "-no-color", ...testArguments)).filter((line) => !/(pass|in progress|tearing down)$/.test(line))),
    ];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Types of resources and data sources that a folder's files use. */
function typesIn(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".tf"));
  const text = files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
  return [...new Set([...text.matchAll(/^(?:resource|data) "(aws_\w+)"/gm)].map(([, type]) => type))];
}
