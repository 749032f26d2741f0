import { fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { type Prepared, prepare } from "./http/prepared.ts";

/** The code with which a browser checks a prediction. */
export interface CheckerBundle {
  /** Whether there is a file of it, or what makes one. */
  readonly isThere: boolean;
  /** @returns null where it can't be had; the next call tries again */
  read(): Promise<Prepared | null>;
}

const SCRIPT = fileURLToPath(new URL("../scripts/bundle-checker.mjs", import.meta.url));

/**
 * The bundle out of a file, or without one made with the first request, so that it is always of the code that runs here. That is
 * done by a child process, whose bundler isn't among the packages of production.
 *
 * @param built a file that scripts/bundle-checker.mjs wrote
 * @param onError told why it can't be had
 */
export function createCheckerBundle(built: string | null, onError: (error: Error) => void): CheckerBundle {
  let made: Promise<Prepared | null> | null = null;
  const make = async () => {
    try {
      const code = built === null ? await bundleNow() : brotliDecompressSync(await readFile(built)).toString();
      return prepare("text/javascript; charset=utf-8", code);
    } catch (error) {
      onError(error as Error);
      made = null;
      return null;
    }
  };
  return {
    isThere: built !== null || hasBundler(),
    read() {
      made ??= make();
      return made;
    },
  };
}

function hasBundler(): boolean {
  try {
    createRequire(SCRIPT).resolve("esbuild");
    return true;
  } catch {
    return false;
  }
}

function bundleNow(): Promise<string> {
  const child = fork(SCRIPT, { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv: [] });
  return new Promise((resolve, reject) => {
    child.once("message", (code) => resolve(String(code)));
    child.once("error", reject);
    child.once("exit", (exitCode) => reject(new Error(`the checker could not be bundled; the bundler ended with ${exitCode}`)));
  });
}
