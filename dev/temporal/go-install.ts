import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../processes/run-program.ts";
import type { InstallContext, Installer } from "./installers.ts";

/** The newest version that `go install` accepts: later ones have a replace directive in go.mod. */
const VERSION = "v1.5.1";
const FOLDER = `temporal-cli-${VERSION}`;

export function goProgram(cache: string): string {
  return join(cache, FOLDER, "temporal");
}

/** Builds the official sources. Takes minutes. */
export const goInstall: Installer = {
  name: `go install, ${VERSION}`,
  fetches: true,
  async find({ env, cache }: InstallContext) {
    const folder = join(cache, FOLDER);
    mkdirSync(folder, { recursive: true });
    const bin = mkdtempSync(join(folder, "build-"));
    try {
      await runProgram("go", ["install", `github.com/temporalio/cli/cmd/temporal@${VERSION}`], {
        env: { ...env, GOBIN: bin },
        timeoutMs: 900_000,
        cwd: folder,
      });
      renameSync(join(bin, "temporal"), goProgram(cache));
      return { path: goProgram(cache), how: `built from Temporal's sources ${VERSION} by go install` };
    } finally {
      rmSync(bin, { recursive: true, force: true });
    }
  },
};
