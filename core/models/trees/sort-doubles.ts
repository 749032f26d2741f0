/*
 * Sorting doubles, several times as fast as the engine's own sort: a radix sort by the upper 32 bits, then an insertion sort for
 * what these leave out of order.
 *
 * The upper 32 bits of a double are its sign, its exponent and the first 20 bits of its fraction. Turned into an unsigned number
 * as in `readKeys`, they order doubles up to differences of about one in a million. Three passes of 11 bits (11 + 11 + 10) put
 * the values in the order of these keys; each pass counts how often each digit occurs, and with that knows where each value goes.
 * Equal values and values that differ in their lower bits only are then next to each other or nearly so, and an insertion sort
 * moves each by a few places. Where it would have to move them far (many values that agree in the upper bits), the engine's sort
 * takes over.
 */

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
/** Below this the engine's own sort is as fast. */
const FEW = 256;
/** Up to so many moves per value are cheaper than the engine's own sort. */
const MOVES_PER_VALUE = 4;
/** Which half of a double comes second in memory: the upper one on little-endian machines. */
const UPPER = new Uint32Array(new Float64Array([1]).buffer)[0] === 0 ? 1 : 0;

interface KeyedValues {
  readonly values: Float64Array;
  readonly keys: Uint32Array;
}

export class DoubleSorter {
  readonly #keys: Uint32Array;
  readonly #other: KeyedValues;
  readonly #counts = new Int32Array(DIGITS);

  /** @param most how many values it can sort at a time */
  constructor(most: number) {
    this.#keys = new Uint32Array(most);
    this.#other = { values: new Float64Array(most), keys: new Uint32Array(most) };
  }

  /** Sorts the first `count` values in place. None of them may be NaN, and the array has to begin at the start of its buffer. */
  sort(values: Float64Array, count: number): void {
    if (count < FEW) {
      values.subarray(0, count).sort();
      return;
    }
    const own = { values, keys: this.#keys };
    this.#readKeys(own, count);
    this.#pass(own, this.#other, count, 0);
    this.#pass(this.#other, own, count, DIGIT_BITS);
    this.#pass(own, this.#other, count, 2 * DIGIT_BITS);
    values.set(this.#other.values.subarray(0, count));
    if (!insertAll(values, count)) values.subarray(0, count).sort();
  }

  /** Keys whose order as unsigned numbers is that of the doubles: the sign is flipped, and of negative ones all other bits, too. */
  #readKeys({ values, keys }: KeyedValues, count: number): void {
    const words = new Uint32Array(values.buffer, values.byteOffset, 2 * count);
    for (let i = 0; i < count; i++) {
      const high = words[2 * i + UPPER] | 0;
      keys[i] = high ^ ((high >> 31) | 0x80000000);
    }
  }

  /** Brings the values in the order of the 11 bits of their keys from `shift` on; equals keep their order. */
  #pass(from: KeyedValues, to: KeyedValues, count: number, shift: number): void {
    const { values, keys } = from;
    const { values: toValues, keys: toKeys } = to;
    const counts = this.#counts.fill(0);
    for (let i = 0; i < count; i++) counts[(keys[i] >>> shift) & (DIGITS - 1)]++;
    let start = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const size = counts[digit];
      counts[digit] = start;
      start += size;
    }
    for (let i = 0; i < count; i++) {
      const key = keys[i];
      const at = counts[(key >>> shift) & (DIGITS - 1)]++;
      toValues[at] = values[i];
      toKeys[at] = key;
    }
  }
}

/** Insertion sort. @returns false if it gave up, because too many values were far out of place */
function insertAll(values: Float64Array, count: number): boolean {
  let moves = MOVES_PER_VALUE * count;
  for (let i = 1; i < count; i++) {
    const value = values[i];
    let at = i;
    while (at > 0 && values[at - 1] > value) {
      values[at] = values[at - 1];
      at--;
    }
    values[at] = value;
    moves -= i - at;
    if (moves < 0) return false;
  }
  return true;
}
