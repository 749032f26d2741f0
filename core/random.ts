/** A seeded source of pseudo-random numbers: the same seed gives the same sequence on every machine. */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** Uniform whole number in [0, n). */
  int(n: number): number;
  /** An independent generator for a named purpose. */
  fork(label: string): Random;
}

/** @param seed any whole number; its lower 32 bits count */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state) / 4294967296;
  };
  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    int: (n) => Math.floor(next() * n),
    fork: (label) => createRandom(seedFrom(String(seed), label)),
  };
}

/** A 32-bit seed from texts (FNV-1a). */
export function seedFrom(...parts: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const char of parts.join("\u0000")) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

/** Murmur3's finaliser: 32 well mixed bits. */
export function mix(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
