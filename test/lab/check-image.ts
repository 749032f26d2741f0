import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDevServer } from "../../dev/temporal/dev-server.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";
import { attempt, docker } from "./docker.ts";
import { baseImages, buildImage, HARDENED, IMAGE, layersOf, readyMs, sizeOf } from "./image.ts";
import { Findings, type LabRow } from "./row.ts";

const MB = 1e6;
const MOST_BYTES = 350 * MB;
const MOST_WORKER_MS = 2_000;
const MOST_API_MS = 1_000;
const STARTS = 3;

/** Names that must not be in the image: a second Node, and Temporal's native module for other machines. */
const UNWANTED = String.raw`
  ls -d /app/node_modules/node /app/node_modules/typescript /app/node_modules/vitest /app/test 2>/dev/null
  ls /app/node_modules/@temporalio/core-bridge/releases | grep --invert-match "$(uname -m)-unknown-linux-gnu"
  find /app/node_modules \( -name '*.map' -o -name '*.d.ts' \) -print -quit
  true`;

/** What takes the room, in kB: the largest first. */
const ROOM = "du -sk /usr/local/bin/node /app/node_modules/[!@]* /app/node_modules/@*/* | sort -rn | head -n 8";

/**
 * The image is built twice, with the same layers; it runs with a read-only root, as its own user, without any right; worker, API
 * and commands start in time and end when they are asked to.
 */
export async function checkImage(): Promise<LabRow> {
  const findings = new Findings();
  const { figures } = findings;
  const { seconds, version, revision } = await buildImage();
  figures["built in s"] = seconds.toFixed(0);
  await checkSize(findings);
  const labels = JSON.parse(await docker(["image", "inspect", "--format", "{{json .Config.Labels}}", IMAGE])) as Record<string, string>;
  findings.must(labels["org.opencontainers.image.version"] === version, `label version is ${labels["org.opencontainers.image.version"]}`);
  findings.must(labels["org.opencontainers.image.revision"] === revision, "label revision is not the commit");

  const run = (...args: string[]) => attempt("docker", ["run", "--rm", ...HARDENED, "--network", "none", IMAGE, ...args]);
  const room = (await run("sh", "-c", ROOM)).text
    .trim()
    .split("\n")
    .map((line) => line.split("\t"));
  figures["of it in MB"] = room
    .map(([kb, path]) => `${path.replace(/^.*node_modules\/|^.*bin\//, "")} ${((Number(kb) * 1024) / MB).toFixed(1)}`)
    .join(" ");
  const unwanted = await run("sh", "-c", UNWANTED);
  findings.must(unwanted.ok && unwanted.text.trim() === "", `it holds what it should not: ${unwanted.text.trim()}${unwanted.errors}`);
  figures.user = (await run("id", "-u")).text.trim();
  findings.must(Number(figures.user) > 0, `it runs as user ${figures.user}`);
  findings.must(!(await run("touch", "/app/x")).ok, "its root file system can be written to");
  findings.must((await run("candlecast", "--version")).text.trim() === version, "candlecast --version is not the version");
  const doctor = await run("candlecast", "doctor", "--no-write", "--json");
  findings.must(doctor.ok && JSON.parse(doctor.text).healthy === true, `candlecast doctor is not well: ${doctor.text}${doctor.errors}`);
  await checkStarts(findings);

  const again = `${IMAGE}-again`;
  await buildImage({ tag: again, fresh: true });
  const [one, other] = [await layersOf(IMAGE), await layersOf(again)];
  findings.must(
    one.join() === other.join(),
    `two builds differ in layers ${one.flatMap((layer, i) => (layer === other[i] ? [] : [i])).join(", ")}`,
  );
  figures["layers equal in two builds"] = `${one.filter((layer, i) => layer === other[i]).length} of ${one.length}`;
  await docker(["image", "rm", again]);
  return findings.row("image");
}

async function checkSize(findings: Findings): Promise<void> {
  const base = await sizeOf(baseImages().at(-1) as string);
  const size = await sizeOf(IMAGE);
  findings.figures["MB unpacked"] = (size / MB).toFixed(1);
  findings.figures["MB of it the base's"] = (base / MB).toFixed(1);
  findings.must(size <= MOST_BYTES, `it has ${(size / MB).toFixed(0)} MB, more than ${MOST_BYTES / MB}`);
}

/** Worker and API on the host's network, with a Temporal server and a store of their own. */
async function checkStarts(findings: Findings): Promise<void> {
  const stateDir = await mkdtemp(join(tmpdir(), "candlecast-lab-"));
  const { path: binary } = await findTemporal();
  const server = await startDevServer({ binary, stateDir, port: null, uiPort: null, namespace: "default" });
  const volume = await docker(["volume", "create"]);
  try {
    const common = [
      ...HARDENED,
      "--network",
      "host",
      "--volume",
      `${volume}:/var/lib/candlecast`,
      "--env",
      `TEMPORAL_ADDRESS=${server.address}`,
    ];
    const host = ["--env", "HOST=127.0.0.1", "--env", "PORT=0", "--env", "WORKER_HEALTH_ADDRESS=127.0.0.1:18001"];
    for (const [program, most] of [
      ["worker", MOST_WORKER_MS],
      ["api", MOST_API_MS],
    ] as const) {
      const times: number[] = [];
      for (let i = 0; i < STARTS; i++) {
        const container = await docker(["run", "--detach", ...common, ...host, IMAGE, program]);
        try {
          times.push(await readyMs(container));
          if (program === "worker" && i === 0) {
            const health = await attempt("docker", ["exec", container, "healthcheck", "/ready"]);
            findings.must(health.ok, `a worker that is ready says otherwise: ${health.errors.trim()}`);
          }
          await docker(["stop", "--time", "12", container]);
          const code = await docker(["inspect", "--format", "{{.State.ExitCode}}", container]);
          findings.must(code === "0", `${program} ended with ${code} when it was stopped`);
        } finally {
          await docker(["rm", "--force", container]);
        }
      }
      const best = Math.min(...times);
      findings.figures[`${program} ready in ms`] = `${best} to ${Math.max(...times)}`;
      findings.must(best <= most, `${program} was ready after ${best} ms at best; ${most} are allowed`);
    }
  } finally {
    await docker(["volume", "rm", volume]);
    await server.stop();
    await rm(stateDir, { recursive: true, force: true });
  }
}
