import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../dev/cache-folder.mjs";

/** Programs for tests that would make every installation of the project larger, by what they are for. */
const SETS = {
  "openapi-linters": ["@redocly/cli@2.77.0", "@stoplight/spectral-cli@6.16.3"],
  "openapi-types": ["openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3", "@types/node@24.19.2"],
};

/**
 * A folder with the packages of a set, made once per set of versions and kept in the user's cache folder.
 *
 * @param {keyof typeof SETS} name
 * @returns {Promise<string>} the folder; the programs are in its `node_modules/.bin`
 * @throws {Error} with npm's reason
 */
export async function getNpmTools(name) {
  const packages = SETS[name];
  const base = cacheFolder();
  const folder = join(base, `${name}-${createHash("sha256").update(packages.join("\n")).digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(base, { recursive: true });
  const temporary = mkdtempSync(join(base, `${name}-build-`));
  try {
    const args = ["install", "--prefix", temporary, "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", ...packages];
    await promisify(execFile)("npm", args, { cwd: temporary, maxBuffer: 64 * 1024 * 1024 }).catch((error) => {
      throw new Error(`npm install ${packages.join(" ")} failed: ${error.stderr?.trim().split("\n").at(-1) ?? error.message}`);
    });
    // Of two that build at once, the first wins.
    if (!existsSync(folder)) renameSync(temporary, folder);
    return folder;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
