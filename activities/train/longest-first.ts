interface Waiting {
  readonly cost: number;
  readonly start: () => void;
}

/** Runs a limited number of jobs at a time. Of those that wait, the most costly is next, so that no long job is left over at the end. */
export class LongestFirst {
  readonly #limit: number;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * @param cost in any unit, the same for all
   * @throws the signal's reason if it aborts before the work begins; afterwards, the work itself has to watch the signal
   */
  async run<T>(cost: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#turn(cost, signal);
    try {
      return await work();
    } finally {
      this.#running--;
      this.#next();
    }
  }

  #turn(cost: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal?.reason);
      };
      const waiting: Waiting = {
        cost,
        start: () => {
          signal?.removeEventListener("abort", giveUp);
          resolve();
        },
      };
      signal?.addEventListener("abort", giveUp);
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < this.#limit && this.#waiting.length > 0) {
      let longest = 0;
      for (let i = 1; i < this.#waiting.length; i++) if (this.#waiting[i].cost > this.#waiting[longest].cost) longest = i;
      this.#running++;
      this.#waiting.splice(longest, 1)[0].start();
    }
  }
}
