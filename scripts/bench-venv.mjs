#!/usr/bin/env node
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cacheFolder } from "../dev/cache-folder.mjs";

/** The peers that the benchmarks and the reference figures are taken from. */
const REQUIREMENTS = [
  ...["numpy==2.4.6", "scipy==1.17.1", "scikit-learn==1.9.1", "lightgbm==4.7.0", "pandas==3.1.1", "joblib==1.6.0"],
  ...["fastapi==0.165.0", "uvicorn[standard]==0.54.0"],
];
const PROBE = "import sklearn, lightgbm, pandas, joblib, fastapi, uvicorn, uvloop, httptools";

/**
 * The Python of a virtual environment with scikit-learn, LightGBM and pandas, made once per set of versions and kept in
 * the user's cache folder.
 *
 * @returns path of the interpreter
 * @throws {Error} saying which step failed
 */
export function getBenchPython() {
  const base = cacheFolder();
  const digest = createHash("sha256").update(REQUIREMENTS.join("\n")).digest("hex").slice(0, 12);
  const folder = join(base, `bench-python-${digest}`);
  const python = join(folder, "bin", "python");
  if (works(python)) return python;
  mkdirSync(base, { recursive: true });
  const temporary = mkdtempSync(join(base, "bench-python-build-"));
  try {
    run("python3", ["-m", "venv", temporary]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"];
    run(join(temporary, "bin", "python"), [...pip, ...REQUIREMENTS]);
    moveInto(temporary, folder);
    return python;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Of two that build at once, the first wins; what is there but does not work makes room. */
function moveInto(temporary, folder) {
  if (existsSync(folder) && !works(join(folder, "bin", "python"))) rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(temporary, folder);
  } catch (error) {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  }
}

function works(python) {
  return spawnSync(python, ["-c", PROBE], { stdio: "ignore" }).status === 0;
}

function run(command, args) {
  const { error, status, stderr } = spawnSync(command, args, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  if (error) throw new Error(`${command} can't be run: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 3).join(" ")} failed: ${stderr.trim().split("\n").at(-1)}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(getBenchPython());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
