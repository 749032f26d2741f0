#!/usr/bin/env node
import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * A Chromium that can be run headless: the machine's, or where there is none and this is root on Debian or Ubuntu, their package.
 *
 * @returns {Promise<string>} path of the program
 * @throws {Error} saying how to get one
 */
export async function getChromium() {
  const found = onPath();
  if (found) return found;
  if (process.getuid?.() !== 0) throw new Error("there is no Chromium; install one: apt-get install chromium");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = (...args) => promisify(execFile)("apt-get", args, { env, maxBuffer: 64 * 1024 * 1024 });
  try {
    await install("-y", "--no-install-recommends", "install", "chromium").catch(async () => {
      await install("update");
      await install("-y", "--no-install-recommends", "install", "chromium");
    });
  } catch (error) {
    throw new Error(`apt-get could not install chromium: ${error.stderr?.trim().split("\n").at(-1) ?? error.message}`);
  }
  const installed = onPath();
  if (!installed) throw new Error("chromium was installed, but is not on the PATH");
  return installed;
}

function onPath() {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isProgram) ?? null;
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(await getChromium());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
