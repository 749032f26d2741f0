/** Two values that should be equal, as text that shows every bit. */
export interface Difference {
  /** the value's name, or the key of the file it is the digest of */
  readonly of: string;
  readonly expected: string;
  readonly found: string;
}

/** One comparison. It is `unchecked` where what it needs isn't there; the note says why. */
export interface Step {
  readonly name: string;
  readonly outcome: "equal" | "differs" | "unchecked";
  /** what was compared, as a sentence */
  readonly what: string;
  readonly differences: readonly Difference[];
  readonly note: string | null;
}

/** A step that was made: equal unless there is a difference. */
export function compared(name: string, what: string, differences: readonly Difference[], note: string | null = null): Step {
  return { name, outcome: differences.length === 0 ? "equal" : "differs", what, differences, note };
}

export function unchecked(name: string, what: string, note: string): Step {
  return { name, outcome: "unchecked", what, differences: [], note };
}
