import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import { checkAnswer } from "./check-answer.ts";
import { checkArithmetic } from "./check-arithmetic.ts";
import { checkClock } from "./check-clock.ts";
import { checkFeatures } from "./check-features.ts";
import { checkFiles } from "./check-files.ts";
import { checkManifest } from "./check-manifest.ts";
import { type Conclusion, conclude } from "./conclusion.ts";
import { getBytes, type Source } from "./get-bytes.ts";
import { readAnswer, type ServedAnswer } from "./served-answer.ts";
import { type Step, unchecked } from "./step.ts";

export interface SymbolCheck extends Source {
  readonly symbol: string;
  /** the caller's clock, ms UTC */
  readonly now: () => number;
  /** called with all steps so far after each */
  readonly onSteps?: (steps: readonly Step[]) => void;
}

export interface CheckedSymbol extends Conclusion {
  readonly steps: readonly Step[];
}

/** So often a check begins again because meanwhile another answer is served. */
const TRIES = 3;

/**
 * Makes the served prediction of a coin again from its candles and models, and compares all on the way.
 *
 * @throws {Error} if the server can't be reached, or can't answer at the moment
 */
export async function checkSymbol(check: SymbolCheck): Promise<CheckedSymbol> {
  for (let tries = 1; ; tries++) {
    const { steps, text } = await checkOnce(check);
    const conclusion = conclude(steps);
    if (conclusion.outcome !== "equal" && tries < TRIES && text !== null) {
      const again = await getBytes(check, `symbol/${check.symbol}`);
      if (again.bytes && new TextDecoder().decode(again.bytes) !== text) continue;
    }
    return { steps, ...conclusion };
  }
}

async function checkOnce(check: SymbolCheck): Promise<{ steps: readonly Step[]; text: string | null }> {
  const steps: Step[] = [];
  const add = async (...made: readonly Step[]) => {
    steps.push(...made);
    check.onSteps?.([...steps]);
    // Lets the page show it before the next step computes.
    await new Promise((done) => setTimeout(done));
  };
  await add(checkArithmetic());
  const { answer, step } = await readAnswer(check);
  if (!answer) {
    await add(step);
    return { steps, text: null };
  }
  const { steps: ofManifest, manifest } = await checkManifest(check, answer.manifest);
  await add(...ofManifest);
  const entry = manifest?.symbols[answer.symbol];
  if (!manifest || !entry)
    await add(
      unchecked("answer", "the served answer", `It can't be made again: ${answer.manifest} has no readable entry of ${answer.symbol}.`),
    );
  else await checkEntry({ check, add, manifest, entry, answer });
  return { steps, text: answer.text };
}

interface EntryCheck {
  readonly check: SymbolCheck;
  readonly add: (...made: readonly Step[]) => Promise<void>;
  readonly manifest: Manifest;
  readonly entry: SymbolEntry;
  readonly answer: ServedAnswer;
}

async function checkEntry({ check, add, manifest, entry, answer }: EntryCheck): Promise<void> {
  const modelFiles = entry.models.flatMap(({ file }) => (file ? [file] : []));
  // All at once, so that a slow way to the server is gone once for all files.
  const [candles, features, models, report] = await Promise.all([
    checkFiles(check, { name: "candle files", refs: entry.candles.objects, mayBeGone: true }),
    checkFiles(check, { name: "feature file", refs: [entry.features] }),
    checkFiles(check, { name: "model files", refs: modelFiles }),
    checkFiles(check, { name: "report", refs: entry.report ? [entry.report] : [] }),
  ]);
  const noCandles = unchecked("candle files", candles.step.what, "The manifest names no candle file.");
  await add(entry.candles.objects.length > 0 ? candles.step : noCandles, features.step);
  const { step, matrix } = await checkFeatures(entry, { candles, features });
  await add(step, models.step, ...(entry.report ? [report.step] : []));
  const now = answer.at ?? check.now();
  await add(checkClock(check.now(), answer.at));
  const files = new Map([...models.files, ...report.files]);
  await add(...checkAnswer({ manifest, entry, answer, matrix, files, now }));
}
