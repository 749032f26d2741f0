/**
 * Solves A x = b for a symmetric positive definite A (n × n, row after row; its lower triangle is read).
 *
 * @returns x, or null where A is not positive definite in double precision
 */
export function solveCholesky(a: Float64Array, b: Float64Array): Float64Array | null {
  const l = a.slice();
  return factorCholesky(l, b.length) ? solveFactored(l, b) : null;
}

/**
 * Puts the Cholesky factor L of A = L Lᵀ in the place of A's lower triangle.
 *
 * @returns false where A is not positive definite in double precision
 */
export function factorCholesky(l: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = l[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      if (i === j) {
        if (!(sum > 0)) return false;
        l[i * n + i] = Math.sqrt(sum);
      } else l[i * n + j] = sum / l[j * n + j];
    }
  }
  return true;
}

/** Solves L Lᵀ x = b. */
export function solveFactored(l: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= l[i * n + k] * x[k];
    x[i] /= l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= l[k * n + i] * x[k];
    x[i] /= l[i * n + i];
  }
  return x;
}
