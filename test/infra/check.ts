import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { infrastructureChecks } from "./checks/run-all.ts";
import { getTools } from "./tools.ts";

const HELP = `Usage: npm run check:infra [-- --full]

Checks Dockerfile, Compose files, Kubernetes manifests, Terraform, shell scripts and GitHub workflows, without Docker, a
cluster or AWS. Installs its tools into the user's cache folder the first time; needs Go and Python 3.
  --full   also checkov's policies, which take some minutes to install
`;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const { values } = parseArgs({ options: { full: { type: "boolean" }, help: { type: "boolean", short: "h" } } });
if (values.help) process.stdout.write(HELP);
else {
  try {
    process.exitCode = (await main(values.full === true)) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function main(full: boolean): Promise<boolean> {
  const began = performance.now();
  const tools = await getTools({ full });
  process.stdout.write(`tools: there after ${seconds(began)}\n`);
  const { checks, skipped } = infrastructureChecks(ROOT, tools);
  let failed = 0;
  for (const { name, run } of checks) {
    const start = performance.now();
    const problems = await run();
    process.stdout.write(`${problems.length === 0 ? "ok " : "BAD"} ${name} (${seconds(start)})\n`);
    for (const problem of problems) process.stdout.write(`      ${problem}\n`);
    if (problems.length > 0) failed++;
  }
  for (const line of skipped) process.stdout.write(`skipped: ${line}\n`);
  process.stdout.write(`${checks.length - failed} checks passed, ${failed} failed, in ${seconds(began)}\n`);
  return failed === 0;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
