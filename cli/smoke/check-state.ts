import { typeOf } from "../../api/http/problem-types.ts";
import { formatAge } from "../progress/duration.ts";
import { alive, health, problem, ready, reloaded } from "./answers.ts";
import type { Finding, Target } from "./check.ts";
import { readJson } from "./read-json.ts";

/** States in which answers are given; withheld is an answer, too. */
const ANSWERING: readonly string[] = ["fresh", "degraded", "stale", "withheld"];

/** The state, in the service's words, and what it serves. */
export async function checkHealth({ ask }: Target): Promise<Finding> {
  const { status, detail, manifest, faults } = readJson(await ask("health"), health);
  const words = `${status}: ${unstopped(detail)}${faults.length > 0 ? ` (${faults.map((fault) => unstopped(fault.detail)).join("; ")})` : ""}`;
  if (!ANSWERING.includes(status) || !manifest) throw new Error(words);
  return { detail: `${words}; manifest ${manifest.version}, ${formatAge(manifest.age_seconds * 1000)} old`, fresh: status === "fresh" };
}

/** Ready, or not because nothing was fresh for too long, which is what it should say then. */
export async function checkReady({ ask }: Target): Promise<Finding> {
  const answer = await ask("ready");
  if (answer.status === 503) {
    const { type, detail } = readJson(answer, problem, { status: 503, type: "application/problem+json" });
    if (type !== typeOf("nothing-fresh")) throw new Error(`not ready: ${unstopped(detail)}`);
    return { detail: `not ready: ${unstopped(detail)}`, fresh: false };
  }
  const { service, manifest } = readJson(answer, ready);
  return { detail: `ready with manifest ${manifest}, ${service}`, fresh: service === "fresh" };
}

export async function checkLive({ ask }: Target): Promise<Finding> {
  const { status } = readJson(await ask("live"), alive);
  return { detail: status };
}

/** By GET, as everybody may. */
export async function checkReload({ ask }: Target): Promise<Finding> {
  const { changed, version } = readJson(await ask("reload"), reloaded);
  if (version === null) throw new Error("found no manifest to serve");
  return { detail: changed ? `found a newer manifest, ${version}` : `nothing newer than ${version}` };
}

function unstopped(sentence: string): string {
  return sentence.replace(/\.$/, "");
}
