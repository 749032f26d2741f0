const value = new Float64Array(1);
const words = new Uint32Array(value.buffer);
/** Where the half with sign and exponent stands: behind the other one on machines that begin with the lowest byte. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** The upper 32 bits of a double: sign, exponent, and 20 bits of the fraction. */
export function highWord(x: number): number {
  value[0] = x;
  return words[HIGH];
}

/** The double with other upper 32 bits. */
export function withHighWord(x: number, high: number): number {
  value[0] = x;
  words[HIGH] = high;
  return value[0];
}

/** 2^k, for k from -1022 to 1023. */
export function powerOfTwo(k: number): number {
  return withHighWord(0, (k + 1023) << 20);
}
