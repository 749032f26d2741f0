#!/usr/bin/env node
import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../dev/cache-folder.mjs";

/** The oldest Node that runs TypeScript files as they are. */
const LEAST_MAJOR = 24;

/**
 * Path of a Node that runs this project: the packaged one, or the current one if it is new enough.
 *
 * @returns {string}
 * @throws {Error} if there is neither
 */
export function currentNode() {
  try {
    const packaged = join(dirname(createRequire(import.meta.url).resolve("node/package.json")), "bin", "node");
    if (existsSync(packaged)) return packaged;
  } catch {
    // not installed, as in a production image
  }
  if (Number(process.versions.node.split(".")[0]) >= LEAST_MAJOR) return process.execPath;
  throw new Error(`Node ${process.version} is too old and the package "node" is not installed: run \`npm ci\`, or use Node ${LEAST_MAJOR}`);
}

/**
 * Where Node keeps compiled code between starts, also that of the worker and the API that a command starts.
 *
 * @returns {string}
 */
export function compileCache() {
  return join(cacheFolder(), "compiled");
}

/**
 * Runs one of the project's commands with that Node, passes signals on, and exits as it does. If this process is killed,
 * the command sees its channel close and stops what it started.
 *
 * @param {readonly string[]} args
 */
export function runCommand(args) {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const env = { NODE_COMPILE_CACHE: compileCache(), ...process.env };
  const child = spawn(currentNode(), [main, ...args], { env, stdio: ["inherit", "inherit", "inherit", "ipc"] });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("error", (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  child.once("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

if (process.argv[1] && fileURLToPath(import.meta.url) === realpathSync(process.argv[1])) {
  try {
    runCommand(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
