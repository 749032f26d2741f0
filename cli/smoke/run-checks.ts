import { type AskOptions, askFrom } from "./ask.ts";
import type { Check, Target } from "./check.ts";
import { checkCaching } from "./check-caching.ts";
import { checkPage } from "./check-page.ts";
import { checkModels, checkPrediction, checkUnknownSymbol } from "./check-prediction.ts";
import { checkReference } from "./check-reference.ts";
import { checkHealth, checkLive, checkReady, checkReload } from "./check-state.ts";

/** What a check came to. */
export interface CheckResult {
  readonly check: string;
  readonly ok: boolean;
  /** Whether what is served is up to date, too. */
  readonly fresh: boolean;
  readonly detail: string;
  readonly elapsedMs: number;
}

export interface ChecksInput extends AskOptions {
  /** the API's address */
  readonly url: URL;
  readonly symbol: string;
  /** fail, too, where nothing is wrong but what is served isn't fresh */
  readonly strict: boolean;
}

/** Every check, in the order in which it is reported. To add one, add a row. */
const checksOf = (symbol: string): readonly Check[] => [
  { name: "health", run: checkHealth },
  { name: "ready", run: checkReady },
  { name: "live", run: checkLive },
  { name: "models", run: checkModels },
  { name: symbol, run: checkPrediction },
  { name: "unknown symbol", run: checkUnknownSymbol },
  { name: "reload", run: checkReload },
  { name: "openapi.json", run: checkReference },
  { name: "conditional request", run: checkCaching },
  { name: "home page", run: (target) => checkPage(target, "") },
  { name: "docs", run: (target) => checkPage(target, "docs") },
];

/** Checks an API from outside, by GET only; all checks at once, so that a silent service costs one time limit. */
export function runChecks({ url, symbol, strict, ...options }: ChecksInput): Promise<CheckResult[]> {
  const base = new URL(url.href.endsWith("/") ? url.href : `${url.href}/`);
  const target: Target = { base, symbol, ask: askFrom(base, options) };
  return Promise.all(checksOf(symbol).map((check) => runCheck(check, target, strict)));
}

async function runCheck({ name, run }: Check, target: Target, strict: boolean): Promise<CheckResult> {
  const startMs = performance.now();
  const result = (ok: boolean, fresh: boolean, detail: string) => {
    return { check: name, ok, fresh, detail, elapsedMs: Math.round(performance.now() - startMs) };
  };
  try {
    const { detail, fresh = true } = await run(target);
    return result(fresh || !strict, fresh, detail);
  } catch (error) {
    return result(false, false, error instanceof Error ? error.message : String(error));
  }
}
