import type { Output } from "../command.ts";
import { LiveBlock } from "./live-block.ts";

export interface Presenter<S> {
  show(view: S): void;
  /** Writes a lasting line, above the live picture where there is one. */
  note(text: string): void;
  /** Leaves the last picture standing. */
  end(): void;
}

/** Live on a terminal, drawn over itself; else a line for each thing that is new. */
export function presenter<S>(output: Output, lines: (view: S) => string[], changes: (before: S | null, now: S) => string[]): Presenter<S> {
  let last: S | null = null;
  if (!output.terminal) {
    return {
      show(view) {
        for (const line of changes(last, view)) output.note(line);
        last = view;
      },
      note: (text) => output.note(text),
      end: () => {},
    };
  }
  const block = new LiveBlock(output.terminal);
  let ended = false;
  return {
    show(view) {
      if (ended) return;
      last = view;
      block.draw(lines(view));
    },
    note(text) {
      if (!ended) block.clear();
      output.note(text);
      if (last && !ended) block.draw(lines(last));
    },
    end: () => {
      ended = true;
    },
  };
}
