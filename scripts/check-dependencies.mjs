#!/usr/bin/env node
// Checks who imports whom, twice: over the source graph, with imports of types, and over the runtime graph, without.
// An argument names another folder to check.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const ROOT = resolve(process.argv[2] ?? PROJECT);
// examples/ is not among them: its programs import what is made, or installed, only beside a copy of them.
const FOLDERS = [
  ...["core", "settings", "storage", "sources", "activities", "operations", "workflows"],
  ...["telemetry", "api", "dev", "cli", "bench", "test", "scripts"],
];
const GRAPHS = [
  { name: "source graph", withTypes: true },
  { name: "runtime graph", withTypes: false },
];

const { forbidden, options } = createRequire(import.meta.url)("../.dependency-cruiser.cjs");
const files = sourceFiles();
const tsConfig = extractTSConfig(join(ROOT, "tsconfig.json"));
process.chdir(ROOT);

let failures = 0;
for (const { name, withTypes } of GRAPHS) {
  const rules = forbidden.filter((rule) => !withTypes || !rule.name.startsWith("runtime-"));
  const { output } = await cruise(
    files,
    { ...options, ruleSet: { forbidden: rules }, validate: true, tsPreCompilationDeps: withTypes, baseDir: ROOT },
    { ...options.enhancedResolveOptions },
    { tsConfig },
  );
  const problems = [...output.summary.violations.map(describe), ...blindSpots(output.modules, withTypes)];
  const edges = output.modules.reduce((sum, { dependencies }) => sum + dependencies.length, 0);
  for (const problem of problems) console.error(`${name}: ${problem}`);
  console.log(
    `${name}: ${output.modules.filter(({ source }) => files.includes(source)).length} modules, ${edges} imports, ${problems.length} problems`,
  );
  failures += problems.length;
}
process.exitCode = failures === 0 ? 0 : 1;

function describe({ from, to, rule, via, cycle }) {
  const way = (via ?? cycle ?? []).map((step) => step.name ?? step);
  const comment = forbidden.find(({ name }) => name === rule.name)?.comment;
  return `${from} → ${way.length > 0 ? way.join(" → ") : to} (${rule.name}: ${comment})`;
}

/** A cruise that sees little finds little wrong: every file has to be in it, and its local imports with it. */
function blindSpots(modules, withTypes) {
  const bySource = new Map(modules.map((module) => [module.source, module]));
  return files.flatMap((file) => {
    const module = bySource.get(file);
    if (!module) return [`${file} was not looked at`];
    const written = localImports(file, withTypes);
    const seen = module.dependencies.filter(({ module: name }) => name.startsWith(".")).length;
    return seen < written.size ? [`${file} has ${written.size} local imports, but ${seen} were seen`] : [];
  });
}

/** Import and export statements that name a local file; at runtime those without `import type` remain. */
function localImports(file, withTypes) {
  const text = readFileSync(join(ROOT, file), "utf8");
  const found = text.matchAll(/^(?:import|export)\s(?<type>type\s)?[^;"']*?from\s+"(?<path>\.[^"]*)"/gm);
  return new Set([...found].filter(({ groups }) => withTypes || !groups.type).map(({ groups }) => groups.path));
}

function sourceFiles() {
  const inFolders = FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter(
        (entry) =>
          entry.isFile() &&
          /\.(ts|mjs)$/.test(entry.name) &&
          !/(^|\/)(fixtures|histories|node_modules)(\/|$)/.test(relative(ROOT, entry.parentPath)),
      )
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
  );
  const atTop = readdirSync(ROOT).filter((name) => name.endsWith(".ts"));
  return [...inFolders, ...atTop].sort();
}
