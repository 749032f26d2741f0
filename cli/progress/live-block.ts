import type { Output } from "../command.ts";

type Terminal = NonNullable<Output["terminal"]>;

/** A block of lines at the bottom of a terminal, redrawn in place. */
export class LiveBlock {
  readonly #terminal: Terminal;
  #drawn = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  draw(lines: readonly string[]): void {
    const most = Math.max(1, this.#terminal.rows - 1);
    const fit = lines.length > most ? [...lines.slice(0, most - 1), `  … ${lines.length - most + 1} more`] : lines;
    this.#terminal.write(`${this.#erase()}${fit.map((line) => `${clip(line, this.#terminal.columns)}\n`).join("")}`);
    this.#drawn = fit.length;
  }

  /** Removes the block, so that a lasting line can be written. */
  clear(): void {
    this.#terminal.write(this.#erase());
    this.#drawn = 0;
  }

  #erase(): string {
    return this.#drawn > 0 ? `\u001b[${this.#drawn}A\u001b[0J` : "";
  }
}

/** A long line would wrap, and the next redraw would overwrite the wrong lines. */
function clip(line: string, columns: number): string {
  const characters = [...line];
  return characters.length < columns ? line : `${characters.slice(0, Math.max(1, columns - 2)).join("")}…`;
}
