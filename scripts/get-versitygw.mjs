#!/usr/bin/env node
import { execFile } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { cacheFolder } from "../dev/cache-folder.mjs";

const VERSION = "v1.8.0";
const PACKAGE = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`;

/**
 * Path of an S3 server for tests: `VERSITYGW`, `versitygw` on PATH, the one in the user's cache folder, or else one
 * built by `go install` into that folder.
 *
 * @returns {Promise<string>}
 * @throws {Error} saying what was tried
 */
export async function getVersitygw() {
  const given = process.env.VERSITYGW;
  if (given) {
    if (isProgram(given)) return given;
    throw new Error(`VERSITYGW names ${given}, which is no program`);
  }
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, "versitygw"))
    .find(isProgram);
  if (onPath) return onPath;
  const folder = join(cacheFolder(), `versitygw-${VERSION}`);
  const cached = join(folder, "versitygw");
  return isProgram(cached) ? cached : build(folder, cached);
}

/** Builds beside the place and renames, so that no one meets half a program. */
async function build(folder, target) {
  mkdirSync(folder, { recursive: true });
  const bin = mkdtempSync(join(folder, "build-"));
  try {
    const env = { ...process.env, GOBIN: bin, GOFLAGS: `${process.env.GOFLAGS ?? ""} -modcacherw`.trim() };
    await promisify(execFile)("go", ["install", PACKAGE], { env }).catch((error) => {
      const reason = error.code === "ENOENT" ? "go is not installed" : (error.stderr?.trim().split("\n").at(-1) ?? error.message);
      throw new Error(
        `no versitygw: VERSITYGW is not set, none is on PATH or in ${folder}, and \`go install ${PACKAGE}\` failed: ${reason}`,
      );
    });
    renameSync(join(bin, "versitygw"), target);
    return target;
  } finally {
    rmSync(bin, { recursive: true, force: true });
  }
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(await getVersitygw());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
