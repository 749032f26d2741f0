import type { Ask } from "./ask.ts";

/** What a check found in order. */
export interface Finding {
  /** One sentence, without a full stop. */
  readonly detail: string;
  /** False where the service works as it should but has nothing fresh; true where nothing is said. */
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
