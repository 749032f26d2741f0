#!/usr/bin/env node
// Removes from a folder of installed packages what no program of this project reads when it runs, and prints what went:
// `node scripts/prune-modules.mjs node_modules`. The image is built with it. Licences stay.
import { lstatSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";

/** The folder of @temporalio/core-bridge's native module, by Node's names of the platform. */
const BRIDGE_TARGETS = { "linux-x64": "x86_64-unknown-linux-gnu", "linux-arm64": "aarch64-unknown-linux-gnu" };

/** Files that Node never resolves to, because the package's entries for Node, or for ES modules, lead elsewhere. */
const OTHER_BUILDS = [
  /^@(?:aws-sdk|smithy)\/[^/]+\/dist-es\//,
  /^apache-arrow\/Arrow\..*\.min\.js$/,
  /^csv-parse\/dist\/(?:esm|iife|umd)\//,
  /^@opentelemetry\/semantic-conventions\/dist\/(?:experimental_|index-incubating)/,
  /^hono\/dist\/cjs\//,
  /^lightweight-charts\/dist\/(?!lightweight-charts\.standalone\.production\.mjs$)/,
  /(?:^|\/)(?:protobufjs|source-map)\/dist\//,
  /^rxjs\/dist\/(?:esm5?|bundles)\//,
  /^swagger-ui-dist\/swagger-ui(?:-es-bundle|-es-bundle-core|-standalone-preset)?\.js/,
  /^vega\/build\/vega(?:-core|-schema)?(?:\.min)?\.js(?:on)?$/,
];

/** What webpack has for bundles that are minified, or meant for browsers. The workflows' bundle is neither. */
const FOR_OTHER_BUNDLES = /^(?:terser\/|minimizer-webpack-plugin\/|caniuse-lite\/data\/(?:features|regions)\/)/;

const TESTS = new Set(["test", "tests", "__tests__", "benchmark", "benchmarks", "example", "examples", "docs", ".github"]);
const LICENCE = /^(licen[cs]e|notice|copying|authors)/i;

/**
 * Why a file isn't needed at run time, or null where it is.
 *
 * @param {string} path below node_modules, with slashes
 * @param {{ platform: string }} options Node's platform and architecture, like `linux-x64`
 * @returns {string | null}
 */
export function reasonToRemove(path, { platform }) {
  const parts = path.split("/");
  const name = basename(path);
  const release = /(?:^|\/)@temporalio\/core-bridge\/releases\/([^/]+)\//.exec(path)?.[1];
  if (release) return release === BRIDGE_TARGETS[platform] ? null : "native modules of other platforms";
  if (LICENCE.test(name)) return null;
  if (/(?:^|\/)@temporalio\/core-bridge\/(?:sdk-core|src|bridge-macros|Cargo\.)/.test(path)) return "Rust sources";
  if (name.endsWith(".map")) return "source maps";
  if (/\.[cm]?tsx?$/.test(name)) return name.includes(".d.") ? "type declarations" : "TypeScript sources";
  if (/\.(md|markdown|flow)$/i.test(name)) return "documentation";
  if (parts.slice(0, -1).some((part) => TESTS.has(part))) return "tests, examples and documentation";
  if (OTHER_BUILDS.some((pattern) => pattern.test(path))) return "builds for browsers and other module systems";
  if (FOR_OTHER_BUNDLES.test(path)) return "webpack's tools for other bundles";
  if (parts.at(-2) === ".bin" || name === ".package-lock.json") return "what only npm needs";
  return null;
}

/**
 * @param {string} folder
 * @param {{ platform?: string }} [options]
 * @returns {Map<string, { files: number, bytes: number }>} by reason
 */
export function pruneModules(folder, { platform = `${process.platform}-${process.arch}` } = {}) {
  const removed = new Map();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const reason = reasonToRemove(relative(folder, path).split(sep).join("/"), { platform });
    if (reason === null) continue;
    const { files, bytes } = removed.get(reason) ?? { files: 0, bytes: 0 };
    removed.set(reason, { files: files + 1, bytes: bytes + lstatSync(path).size });
    rmSync(path);
  }
  removeEmptyFolders(folder);
  return removed;
}

function removeEmptyFolders(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) removeEmptyFolders(join(folder, entry.name));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder] = process.argv.slice(2);
  if (!folder) {
    console.error("usage: node scripts/prune-modules.mjs FOLDER");
    process.exit(2);
  }
  for (const [reason, { files, bytes }] of pruneModules(folder))
    console.log(`${(bytes / 1e6).toFixed(1).padStart(7)} MB  ${String(files).padStart(6)} files  ${reason}`);
}
