import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";

export const ROOT: string = resolve(import.meta.dirname, "../..");

/** Scripts that bring Docker, and stand-ins for images, to a machine without a registry: `CANDLECAST_LAB`, or beside the repository. */
export const labFolder: string = process.env.CANDLECAST_LAB ?? resolve(ROOT, "../shared/lab");

/** What has to be undone should the program be interrupted: containers, networks, volumes. */
export const cleanups: Set<() => Promise<void>> = new Set();

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** How a program ended; `text` is its standard output. */
export interface Ended {
  readonly ok: boolean;
  readonly text: string;
  readonly errors: string;
}

/** Runs a program in the repository's folder; one that can't be run at all has ended badly. */
export async function attempt(program: string, args: readonly string[], { env, timeoutMs = 60_000 }: RunOptions = {}): Promise<Ended> {
  const options = { cwd: ROOT, env: { ...process.env, ...env }, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 };
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, options);
    return { ok: true, text: stdout, errors: stderr };
  } catch (error) {
    const { stdout = "", stderr = "", message, killed } = error as Error & { stdout?: string; stderr?: string; killed?: boolean };
    return { ok: false, text: stdout, errors: killed ? `stopped after ${timeoutMs / 1000} s; ${stderr}` : stderr || message };
  }
}

/** @throws {Error} with the end of what it wrote, where it ends badly */
export async function docker(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { ok, text, errors } = await attempt("docker", args, options);
  if (!ok) throw new Error(`docker ${args.slice(0, 12).join(" ")} failed: ${lastLines(errors || text)}`);
  return text.trim();
}

export function lastLines(text: string, count = 8): string {
  return text.trim().split("\n").slice(-count).join(" / ");
}

export interface Docker {
  /** Engine and plugins, for the table's head. */
  readonly version: string;
  /** Ends a daemon that was started for this program. */
  release(): Promise<void>;
}

/**
 * Docker with Compose: the one that answers, or else the lab's.
 *
 * @returns the reason, as a sentence, where there is none
 */
export async function findDocker(): Promise<Docker | string> {
  if (await answers()) return { version: await versions(), release: async () => {} };
  const script = resolve(labFolder, "docker.sh");
  if (!existsSync(script)) return `no Docker with Compose answers, and there is no lab at ${labFolder} (CANDLECAST_LAB names another)`;
  const wasUp = (await attempt("docker", ["info"])).ok;
  const up = await attempt("bash", [script, "up"], { timeoutMs: 30 * 60_000 });
  if (!up.ok) return `no Docker answers, and the lab's could not be started: ${lastLines(up.errors)}`;
  return {
    version: await versions(),
    release: async () => {
      if (!wasUp) await attempt("bash", [script, "down"], { timeoutMs: 120_000 });
    },
  };
}

async function answers(): Promise<boolean> {
  return (await attempt("docker", ["info"])).ok && (await attempt("docker", ["compose", "version"])).ok;
}

async function versions(): Promise<string> {
  const compose = await docker(["compose", "version", "--short"]);
  return `Docker ${await docker(["version", "--format", "{{.Server.Version}}"])}, Compose ${compose}`;
}

/**
 * Sees that images are on this machine: pulls them or, where the lab is, has it make stand-ins.
 *
 * @throws {Error} naming those that can't be had
 */
export async function needImages(images: readonly string[]): Promise<void> {
  const missing = async () => {
    const found = await Promise.all(images.map(async (image) => (await attempt("docker", ["image", "inspect", image])).ok));
    return images.filter((_, i) => !found[i]);
  };
  if ((await missing()).length === 0) return;
  if (existsSync(resolve(labFolder, "images.sh"))) {
    await attempt("bash", [resolve(labFolder, "images.sh")], { timeoutMs: 30 * 60_000 });
    const prometheus = images.find((image) => image.startsWith("prom/prometheus:"));
    if (prometheus)
      await attempt("bash", [resolve(labFolder, "image-prometheus.sh")], { env: { TAGS_PROMETHEUS: prometheus }, timeoutMs: 300_000 });
  }
  for (const image of await missing()) await attempt("docker", ["pull", "--quiet", image], { timeoutMs: 10 * 60_000 });
  const left = await missing();
  if (left.length > 0) throw new Error(`no image ${left.join(", ")}: it can't be pulled, and the lab has no stand-in`);
}
