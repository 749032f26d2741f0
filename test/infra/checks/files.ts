import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { problemsOf } from "../run-tool.ts";
import type { Tools } from "../tools.ts";

const HERE = fileURLToPath(new URL("..", import.meta.url));

/** A Dockerfile, by hadolint. What is left out and why is in hadolint.yaml. */
export function checkDockerfile(file: string, { pythonBin }: Tools): Promise<string[]> {
  return problemsOf(join(pythonBin, "hadolint"), ["--no-color", "--config", join(HERE, "hadolint.yaml"), file]);
}

/** Compose files, as Docker Compose would load them. */
export function checkCompose(files: readonly string[], { goBin }: Tools): Promise<string[]> {
  return problemsOf(join(goBin, "compose-check"), files);
}

/** Shell scripts, by shellcheck. */
export function checkShell(files: readonly string[], { pythonBin }: Tools): Promise<string[]> {
  return problemsOf(join(pythonBin, "shellcheck"), ["--format=gcc", "--external-sources", "--source-path=SCRIPTDIR", ...files]);
}

/** GitHub workflows: by actionlint, with shellcheck for their scripts, and by zizmor for what could be misused. */
export async function checkWorkflows(files: readonly string[], { goBin, pythonBin }: Tools): Promise<string[]> {
  return [
    ...(await problemsOf(join(goBin, "actionlint"), [
      "-no-color",
      "-oneline",
      "-pyflakes=",
      `-shellcheck=${join(pythonBin, "shellcheck")}`,
      ...files,
    ])),
    ...(await problemsOf(join(pythonBin, "zizmor"), [
      "--offline",
      "--no-progress",
      "--color=never",
      "--persona=pedantic",
      "--format=plain",
      ...files,
    ])),
  ];
}

/** Terraform and Kubernetes files, by checkov's policies. What is left out and why is in checkov.yaml. */
export function checkPolicies(folder: string, framework: "terraform" | "kubernetes" | "dockerfile", checkov: string): Promise<string[]> {
  const args = ["--config-file", join(HERE, "checkov.yaml"), "--framework", framework, "--directory", folder];
  return problemsOf(checkov, [...args, "--skip-download", "--compact", "--quiet"], { env: { ...process.env, LOG_LEVEL: "ERROR" } });
}
