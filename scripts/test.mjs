// Checks and tests everything: types, lint, dependency rules, then all tests. Arguments go to vitest.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { compileCache } from "../cli/bin.mjs";
import { ensureInstalled, NODE, ROOT } from "./install.mjs";

ensureInstalled();
const bin = join(ROOT, "node_modules", ".bin");
// Tests start hundreds of processes: compiled code is kept between them, as it is between commands.
const env = { NODE_COMPILE_CACHE: compileCache(), ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
const folder = mkdtempSync(join(tmpdir(), "candlecast-report-"));
const report = join(folder, "report.json");

/** Runs a part of the work; with `quiet`, its output is shown in one piece at its end. */
function run(name, file, args, { quiet = false } = {}) {
  if (!quiet) process.stdout.write(`\n=== ${name}\n`);
  return new Promise((done) => {
    const child = spawn(file, args, { cwd: ROOT, env, stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit" });
    const output = [];
    const end = (code) => {
      if (quiet) process.stdout.write(`\n=== ${name}\n${Buffer.concat(output).toString()}`);
      done(code);
    };
    child.stdout?.on("data", (bytes) => output.push(bytes));
    child.stderr?.on("data", (bytes) => output.push(bytes));
    child.on("error", (error) => {
      process.stdout.write(`${name}: ${error.message}\n`);
      done(1);
    });
    child.on("close", (code) => end(code ?? 1));
  });
}

/** One after the other: each of them uses a core for itself. */
async function runChecks() {
  const checks = [];
  for (const [name, args] of [
    ["types", ["node_modules/typescript/bin/tsc", "-p", "."]],
    ["lint", ["node_modules/@biomejs/biome/bin/biome", "check", "."]],
    ["dependency rules", ["scripts/check-dependencies.mjs"]],
    ["infrastructure files", ["test/infra/check.ts"]],
  ])
    checks.push([name, await run(name, NODE, args, { quiet: true })]);
  return checks;
}

const tools = await run("tools that tests need (fetched once, then cached)", NODE, ["scripts/prepare-tests.mjs"]);
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const [checks, tests] = await Promise.all([runChecks(), run("tests", NODE, [...vitest, ...process.argv.slice(2)])]);

const counts = readCounts();
const failed = checks.filter(([, code]) => code !== 0);
for (const [name] of failed) process.stdout.write(`FAILED: ${name}\n`);
for (const name of counts.skippedNames) process.stdout.write(`skipped: ${name}\n`);
if (tools !== 0) process.stdout.write("Some tools could not be had (see above); tests that need them were skipped or failed.\n");
rmSync(folder, { recursive: true, force: true });
process.stdout.write(
  `${counts.passed + checks.length - failed.length} passed, ${counts.failed + failed.length} failed, ${counts.skipped} skipped\n`,
);
process.exitCode = failed.length === 0 && tests === 0 && counts.failed === 0 ? 0 : 1;

function readCounts() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
    const results = testResults.flatMap(({ assertionResults }) => assertionResults);
    const skippedNames = results.filter(({ status }) => status === "skipped" || status === "pending").map(({ fullName }) => fullName);
    const brokenFiles = testResults.filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.every((result) => result.status !== "failed"),
    );
    return { passed: numPassedTests, failed: numFailedTests + brokenFiles.length, skipped: numPendingTests, skippedNames };
  } catch (error) {
    process.stdout.write(`the tests left no report: ${error.message}\n`);
    return { passed: 0, failed: 1, skipped: 0, skippedNames: [] };
  }
}
