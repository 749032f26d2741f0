import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { problemsOf } from "../run-tool.ts";
import type { Tools } from "../tools.ts";

/**
 * `terraform fmt`, `validate` and `test` of a folder, on a copy, so that no lock file of the provider's stand-in is left.
 * The stand-in has the real provider's schema only: what AWS itself refuses isn't seen.
 */
export async function checkTerraform(folder: string, { terraform }: Tools): Promise<string[]> {
  if (!terraform) return [];
  const copy = mkdtempSync(join(tmpdir(), "candlecast-terraform-"));
  const env = { ...process.env, TF_CLI_CONFIG_FILE: terraform.configFile, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" };
  const run = (...args: string[]) => problemsOf(terraform.program, args, { cwd: copy, env });
  try {
    cpSync(folder, copy, { recursive: true, filter: (path) => !/(^|\/)(\.terraform|\.terraform\.lock\.hcl)($|\/)/.test(path) });
    const unformatted = (await run("fmt", "-check", "-recursive")).map((file) => `${file} is not as \`terraform fmt\` writes it`);
    const begun = await run("init", "-backend=false", "-input=false", "-no-color");
    if (begun.length > 0) return [...unformatted, ...begun];
    const invalid = await run("validate", "-no-color");
    return [...unformatted, ...invalid, ...(invalid.length > 0 ? [] : await run("test", "-no-color"))];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
