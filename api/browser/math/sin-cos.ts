import { highWord, withHighWord } from "./words.ts";

/** π/2 in three parts of 33 bits, each with the rest that follows it. */
const PARTS = [
  [1.5707963267341256, 6.077100506506192e-11],
  [6.077100506303966e-11, 2.0222662487959506e-21],
  [2.0222662487111665e-21, 8.4784276603689e-32],
] as const;
const TWO_OVER_PI = 0.6366197723675814;
/** Of the polynomials in x² for sin x / x and cos x, for |x| ≤ π/4. */
const S = [
  -0.16666666666666632, 0.00833333333332249, -0.0001984126982985795, 0.0000027557313707070068, -2.5050760253406863e-8, 1.58969099521155e-10,
];
const C = [
  0.0416666666666666, -0.001388888888887411, 0.00002480158728947673, -2.7557314351390663e-7, 2.087572321298175e-9, -1.1359647557788195e-11,
];
/** Beyond it more digits of π would be needed; calendars stay below 2π. */
const FARTHEST = 2 ** 19 * (Math.PI / 2);

/**
 * The sine by the method of fdlibm, which Node 24 has: the angle less a multiple of π/2, as a sum of two doubles, then a polynomial. Its
 * bits don't depend on the engine, as those of `exp`; only angles beyond 823,549 are left to it.
 *
 * fdlibm is Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */
export function sin(x: number): number {
  if (!(Math.abs(x) <= FARTHEST)) return Math.sin(x);
  const { quarter, rest, tail } = reduce(x);
  if (quarter === 0) return sinNear(rest, tail);
  if (quarter === 1) return cosNear(rest, tail);
  return quarter === 2 ? -sinNear(rest, tail) : -cosNear(rest, tail);
}

/** The cosine, as {@link sin}. */
export function cos(x: number): number {
  if (!(Math.abs(x) <= FARTHEST)) return Math.cos(x);
  const { quarter, rest, tail } = reduce(x);
  if (quarter === 0) return cosNear(rest, tail);
  if (quarter === 1) return -sinNear(rest, tail);
  return quarter === 2 ? -cosNear(rest, tail) : sinNear(rest, tail);
}

const exponentOf = (x: number) => (highWord(x) >>> 20) & 0x7ff;

/** x = n·π/2 + rest + tail, with n modulo 4. The more of the leading bits cancel, the more parts of π/2 are used. */
function reduce(x: number): { readonly quarter: number; readonly rest: number; readonly tail: number } {
  const size = Math.abs(x);
  const high = highWord(size);
  if (high <= 0x3fe921fb) return { quarter: 0, rest: x, tail: 0 };
  const isFirst = high < 0x4002d97c;
  const n = isFirst ? 1 : Math.trunc(size * TWO_OVER_PI + 0.5);
  let left = size - n * PARTS[0][0];
  let lost = n * PARTS[0][1];
  let rest = left - lost;
  const isNear = high === highWord(n * (Math.PI / 2));
  if (isFirst ? isNear : n >= 32 || isNear) {
    const isClose = (bits: number) => (high >>> 20) - exponentOf(rest) > bits;
    for (const [part, bits] of isFirst
      ? [[1, -1]]
      : [
          [1, 16],
          [2, 49],
        ]) {
      if (!isClose(bits)) break;
      const before = left;
      const step = n * PARTS[part][0];
      left = before - step;
      lost = isFirst ? PARTS[part][1] : n * PARTS[part][1] - (before - left - step);
      rest = left - lost;
    }
  }
  const tail = left - rest - lost;
  return x < 0 ? { quarter: -n & 3, rest: -rest, tail: -tail } : { quarter: n & 3, rest, tail };
}

function sinNear(x: number, tail: number): number {
  if (Math.abs(x) < 2 ** -27) return x;
  const z = x * x;
  const v = z * x;
  const r = S[1] + z * (S[2] + z * (S[3] + z * (S[4] + z * S[5])));
  return tail === 0 ? x + v * (S[0] + z * r) : x - (z * (0.5 * tail - v * r) - tail - v * S[0]);
}

function cosNear(x: number, tail: number): number {
  const high = highWord(Math.abs(x));
  if (high < 0x3e400000) return 1;
  const z = x * x;
  const r = z * (C[0] + z * (C[1] + z * (C[2] + z * (C[3] + z * (C[4] + z * C[5])))));
  if (high < 0x3fd33333) return 1 - (0.5 * z - (z * r - x * tail));
  const near = high > 0x3fe90000 ? 0.28125 : withHighWord(0, high - 0x00200000);
  return 1 - near - (0.5 * z - near - (z * r - x * tail));
}
