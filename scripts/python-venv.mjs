#!/usr/bin/env node
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { cacheFolder } from "../dev/cache-folder.mjs";

/** Virtual environments, by what they are for. `imports` tells whether one works. */
const ENVIRONMENTS = {
  python: {
    requirements: ["pyarrow==21.0.0", "duckdb==1.4.4", "pandas==2.3.3", "polars==1.35.2", "matplotlib==3.10.8"],
    imports: "pyarrow.dataset, duckdb, pandas, polars, matplotlib.pyplot",
  },
  schemathesis: { requirements: ["schemathesis==4.32.5"], imports: "schemathesis" },
  "client-generator": { requirements: ["openapi-python-client==0.29.1"], imports: "openapi_python_client, httpx, attrs" },
};

/**
 * The Python of a virtual environment with pyarrow, DuckDB, pandas, Polars and Matplotlib.
 *
 * @returns {Promise<string>} path of the interpreter
 * @throws {Error} saying which step failed
 */
export function getPython() {
  return getEnvironment("python");
}

/**
 * The Python of a virtual environment, made once per set of versions and kept in the user's cache folder. Programs in its `bin` are
 * run as modules, because an environment that was moved keeps its first path in them.
 *
 * @param {keyof typeof ENVIRONMENTS} name
 * @returns {Promise<string>} path of the interpreter
 * @throws {Error} saying which step failed
 */
export async function getEnvironment(name) {
  const { requirements, imports } = ENVIRONMENTS[name];
  const base = cacheFolder();
  const digest = createHash("sha256").update(requirements.join("\n")).digest("hex").slice(0, 12);
  const folder = join(base, `${name}-${digest}`);
  const python = join(folder, "bin", "python");
  const works = (path) =>
    promisify(execFile)(path, ["-c", `import ${imports}`]).then(
      () => true,
      () => false,
    );
  if (existsSync(python) && (await works(python))) return python;
  mkdirSync(base, { recursive: true });
  const temporary = mkdtempSync(join(base, `${name}-build-`));
  try {
    await run("python3", ["-m", "venv", temporary]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"];
    await run(join(temporary, "bin", "python"), [...pip, ...requirements]);
    await moveInto(temporary, folder, works);
    return python;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Of two that build at once, the first wins; what is there but does not work makes room. */
async function moveInto(temporary, folder, works) {
  try {
    renameSync(temporary, folder);
  } catch (error) {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    if (await works(join(folder, "bin", "python"))) return;
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
  }
}

async function run(command, args) {
  await promisify(execFile)(command, args).catch((error) => {
    const reason = error.code === "ENOENT" ? "it is not installed" : (error.stderr?.trim().split("\n").at(-1) ?? error.message);
    throw new Error(`${command} ${args.slice(0, 3).join(" ")} failed: ${reason}`);
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(await getPython());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
