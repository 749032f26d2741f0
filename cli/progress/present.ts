import type { Output } from "../command.ts";
import { LiveBlock } from "./live-block.ts";

export interface Presenter<V> {
  show(view: V): void;
  /** Writes a lasting line, above the live block if there is one. */
  note(text: string): void;
  /** Stops drawing; the last view stays on the terminal. */
  end(): void;
}

/** Shows views live on a terminal; without one, writes a line for each change. */
export function presenter<V>(output: Output, lines: (view: V) => string[], changes: (before: V | null, now: V) => string[]): Presenter<V> {
  let last: V | null = null;
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
