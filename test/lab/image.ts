import { readFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, docker, needImages, ROOT } from "./docker.ts";

/** The tag under which the lab builds the image of this working tree. */
export const IMAGE = "candlecast:lab";

/** How a container of the image is hardened; what it needs to write is in a volume or /tmp. */
export const HARDENED: readonly string[] = [
  "--read-only",
  "--tmpfs",
  "/tmp:exec",
  "--cap-drop",
  "ALL",
  "--security-opt",
  "no-new-privileges",
];

export interface Built {
  readonly seconds: number;
  readonly version: string;
  readonly revision: string;
}

/** Builds the image of this working tree. `fresh`: nothing is taken from an earlier build. */
export async function buildImage({ tag = IMAGE, fresh = false }: { tag?: string; fresh?: boolean } = {}): Promise<Built> {
  await needImages(baseImages());
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  const head = await attempt("git", ["rev-parse", "HEAD"]);
  const revision = head.ok ? head.text.trim() : "unknown";
  const args = ["--build-arg", `VERSION=${version}`, "--build-arg", `REVISION=${revision}`];
  const began = Date.now();
  await docker(["build", "--tag", tag, ...args, ...(fresh ? ["--no-cache"] : []), "."], { timeoutMs: 15 * 60_000 });
  return { seconds: (Date.now() - began) / 1000, version, revision };
}

/** What the Dockerfile builds on. */
export function baseImages(): string[] {
  const text = readFileSync(join(ROOT, "Dockerfile"), "utf8");
  const args = new Map([...text.matchAll(/^ARG (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
  const from = [...text.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image.replace(/\$\{(\w+)\}/g, (_, name) => args.get(name) ?? ""));
  return [...new Set(from)];
}

/** Digests of an image's layers, from the base up. */
export async function layersOf(image: string): Promise<string[]> {
  return JSON.parse(await docker(["image", "inspect", "--format", "{{json .RootFS.Layers}}", image])) as string[];
}

/** Unpacked, in bytes. */
export async function sizeOf(image: string): Promise<number> {
  return Number(await docker(["image", "inspect", "--format", "{{.Size}}", image]));
}

/**
 * How long a container's program took from its start until it printed that it is ready.
 *
 * @returns ms
 * @throws {Error} with its output, if it isn't ready in time
 */
export async function readyMs(container: string, { withinMs = 30_000 } = {}): Promise<number> {
  for (const end = Date.now() + withinMs; Date.now() < end; await new Promise((done) => setTimeout(done, 100))) {
    const line = (await docker(["logs", "--timestamps", container])).split("\n").find((text) => text.includes('{"ready":true'));
    if (!line) continue;
    const started = await docker(["inspect", "--format", "{{.State.StartedAt}}", container]);
    return Date.parse(line.split(" ")[0]) - Date.parse(started);
  }
  throw new Error(`${container} was not ready within ${withinMs / 1000} s: ${await docker(["logs", "--tail", "5", container])}`);
}
