import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { problemsOf, runTool } from "../run-tool.ts";
import type { Tools } from "../tools.ts";
import { checkEnvironment } from "./environment.ts";
import { parseObjects } from "./objects.ts";
import { checkReferences, type ScalerParameter } from "./references.ts";

/** Of EKS (terraform/variables.tf) and of the schemas. */
const KUBERNETES = "1.34";
const HERE = fileURLToPath(new URL("..", import.meta.url));

/** Renders a kustomization and checks what comes of it: kinds, references, environment. */
export async function checkKustomization(folder: string, guides: readonly string[], tools: Tools): Promise<string[]> {
  const { code, text } = await runTool(join(tools.goBin, "kustomize"), ["build", folder]);
  if (code !== 0) return text.trim().split("\n");
  return checkManifests(text, guides, tools);
}

/**
 * Checks objects: that their kinds have such fields, and if they have, that what they point at is there.
 *
 * @param guides files in which an operator is told which Secrets to make
 */
export async function checkManifests(text: string, guides: readonly string[], tools: Tools): Promise<string[]> {
  const problems = await checkKinds(text, tools);
  if (problems.length > 0) return problems;
  const objects = parseObjects(text);
  return [...checkReferences(objects, scalersOf(tools)), ...checkEnvironment(objects, secretsIn(guides))];
}

async function checkKinds(text: string, { pythonBin, crds }: Tools): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "candlecast-kinds-"));
  try {
    const file = join(folder, "objects.yaml");
    writeFileSync(file, text);
    const problems = await problemsOf(join(pythonBin, "python"), [
      join(HERE, "check-kinds.py"),
      KUBERNETES,
      `${crds}:${join(HERE, "crds")}`,
      file,
    ]);
    return problems.map((problem) => problem.replace(`${file}: `, ""));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function scalersOf({ crds }: Tools): Map<string, ScalerParameter[]> {
  const { scalers } = JSON.parse(readFileSync(join(crds, "keda-scalers.json"), "utf8")) as {
    scalers: { type: string; parameters: ScalerParameter[] }[];
  };
  return new Map(scalers.map(({ type, parameters }) => [type, parameters]));
}

/** Secrets that the commands of guides make, with their keys. */
function secretsIn(guides: readonly string[]): Map<string, string[] | null> {
  const text = guides.map((file) => readFileSync(file, "utf8").replaceAll("\\\n", " ")).join("\n");
  return new Map(
    [...text.matchAll(/create secret (generic|tls) (\S+)(.*)/g)].map(([, type, name, rest]) => [
      name,
      type === "tls" ? null : [...rest.matchAll(/--from-literal=(\w+)=/g)].map(([, key]) => key),
    ]),
  );
}

/** Folders of kustomizations that go to a cluster as they are. */
export function overlaysIn(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}
