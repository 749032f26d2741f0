import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface S3Server {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** made, empty */
  readonly bucket: string;
  /** Adds a user who may do nothing until a bucket's policy lets it. @returns its secret key */
  addUser(accessKey: string): Promise<string>;
  /** Ends it at once, as a power cut would; its data stay. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a real S3 server over a temporary folder, on a free port.
 *
 * @throws {Error} if no server can be had or it does not come up
 */
export async function startVersitygw(): Promise<S3Server> {
  const { getVersitygw } = (await import(new URL("../scripts/get-versitygw.mjs", import.meta.url).href)) as {
    getVersitygw(): Promise<string>;
  };
  const program = await getVersitygw();
  const folder = await mkdtemp(join(tmpdir(), "candlecast-s3-"));
  const bucket = "candlecast-test";
  await mkdir(join(folder, "data", bucket), { recursive: true });
  await mkdir(join(folder, "meta"));
  await mkdir(join(folder, "users"));
  const accessKey = `test-${randomBytes(8).toString("hex")}`;
  const secretKey = randomBytes(16).toString("hex");
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const args = ["--port", `127.0.0.1:${port}`, "--quiet", "--iam-dir", join(folder, "users"), "posix"];
  const env = { PATH: process.env.PATH, ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey };
  const run = (options: string[]) => spawn(program, [...args, ...options, join(folder, "data")], { env, stdio: "ignore" });
  let options: string[] = [];
  let child = run(options);
  const stop = async () => {
    await kill(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    if (!(await answers(endpoint, child))) {
      // Without extended attributes its metadata go beside the data; a reader may then meet new data with an old etag.
      options = ["--sidecar", join(folder, "meta")];
      child = run(options);
      if (!(await answers(endpoint, child))) throw new Error(`versitygw ended with ${child.exitCode}`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const restart = async () => {
    child = run(options);
    if (!(await answers(endpoint, child))) throw new Error(`versitygw ended with ${child.exitCode}`);
  };
  const addUser = async (name: string) => {
    const secret = randomBytes(16).toString("hex");
    const admin = ["admin", "--access", accessKey, "--secret", secretKey, "--endpoint-url", endpoint];
    await promisify(execFile)(program, [...admin, "create-user", "--access", name, "--secret", secret, "--role", "user"]);
    return secret;
  };
  return { endpoint, accessKey, secretKey, bucket, addUser, kill: () => kill(child), restart, stop };
}

/** Whether it came up; false where it ended. */
async function answers(endpoint: string, child: ChildProcess): Promise<boolean> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    if (child.exitCode !== null) return false;
    if (await fetch(endpoint, { signal: AbortSignal.timeout(1_000) }).catch(() => null)) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`versitygw does not answer at ${endpoint}`);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
