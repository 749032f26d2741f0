import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { runTool } from "../run-tool.ts";
import type { Tools } from "../tools.ts";
import { checkCompose, checkDockerfile, checkPolicies, checkShell, checkWorkflows } from "./files.ts";
import { checkKustomization, overlaysIn } from "./manifests.ts";
import { checkTerraform } from "./terraform.ts";

export interface Check {
  readonly name: string;
  /** Lines that say what is wrong. */
  run(): Promise<string[]>;
}

/** All checks of a checkout's infrastructure files; with checkov's policies where it is installed. */
export function infrastructureChecks(root: string, tools: Tools): { checks: Check[]; skipped: string[] } {
  const at = (...parts: string[]) => join(root, ...parts);
  const guides = [at("docs", "deployment.md"), at("k8s", "temporal", "README.md")];
  const composeFiles = filesIn(root, /^docker-compose.*\.ya?ml$/);
  const scripts = filesIn(at("scripts"), /\.sh$/).concat(filesIn(at("test"), /\.sh$/), at(".ci", "run"));
  const overlays = overlaysIn(at("k8s", "overlays"));
  const checks: Check[] = [
    { name: `compose: ${composeFiles.length} files`, run: () => checkCompose(composeFiles, tools) },
    ...overlays.map((overlay) => ({
      name: `manifests: overlay ${basename(overlay)}`,
      run: () => checkKustomization(overlay, guides, tools),
    })),
    { name: "manifests: every component", run: () => checkRest(root, guides, tools) },
    { name: `shell: ${scripts.length} scripts`, run: () => checkShell(scripts, tools) },
    { name: "GitHub workflows", run: () => checkWorkflows(filesIn(at(".github", "workflows"), /\.ya?ml$/), tools) },
  ];
  const skipped: string[] = [];
  if (existsSync(at("Dockerfile"))) checks.push({ name: "Dockerfile", run: () => checkDockerfile(at("Dockerfile"), tools) });
  else skipped.push("Dockerfile: there is none");
  if (tools.terraform) checks.push({ name: "terraform: fmt, validate, test", run: () => checkTerraform(at("terraform"), tools) });
  else skipped.push("terraform: it is not on PATH, and no package registry has it");
  const { checkov } = tools;
  if (checkov) {
    checks.push({ name: "policies: terraform", run: () => checkPolicies(at("terraform"), "terraform", checkov) });
    checks.push(
      ...overlays.map((overlay) => ({ name: `policies: overlay ${basename(overlay)}`, run: () => checkRendered(overlay, checkov, tools) })),
    );
    if (existsSync(at("Dockerfile"))) checks.push({ name: "policies: Dockerfile", run: () => checkPolicies(root, "dockerfile", checkov) });
  } else skipped.push("policies of checkov: `npm run check:infra -- --full` installs it and checks them");
  return { checks, skipped };
}

/** The components that no overlay has, on top of the base. */
async function checkRest(root: string, guides: readonly string[], tools: Tools): Promise<string[]> {
  const folder = mkdtempSync(join(root, "k8s", ".check-"));
  try {
    const problems: string[] = [];
    for (const components of [["temporal-cloud-mtls", "service-monitor", "keda"]]) {
      const lines = ["resources: [../base]", `components: [${components.map((name) => `../components/${name}`).join(", ")}]`];
      writeFileSync(join(folder, "kustomization.yaml"), `${lines.join("\n")}\n`);
      problems.push(...(await checkKustomization(folder, guides, tools)));
    }
    return problems;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function checkRendered(overlay: string, checkov: string, tools: Tools): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "candlecast-rendered-"));
  try {
    mkdirSync(folder, { recursive: true });
    const { code, text } = await runTool(join(tools.goBin, "kustomize"), ["build", overlay]);
    if (code !== 0) return text.split("\n");
    writeFileSync(join(folder, "objects.yaml"), text);
    return await checkPolicies(folder, "kubernetes", checkov);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function filesIn(folder: string, pattern: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}
