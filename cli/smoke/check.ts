import type { Ask } from "./ask.ts";

/** What a check found in order. */
export interface Finding {
  /** One sentence, without a full stop. */
  readonly detail: string;
  /** False: the service works, but has nothing fresh to serve. Not there: it is fresh, or the check is not about that. */
  readonly fresh?: boolean;
}

/** What an API is asked about. */
export interface Target {
  readonly ask: Ask;
  /** address with a slash at its end */
  readonly base: URL;
  /** the coin whose prediction is checked */
  readonly symbol: string;
}

export interface Check {
  readonly name: string;
  /** @throws {Error} with a sentence of what is wrong */
  run(target: Target): Promise<Finding>;
}
