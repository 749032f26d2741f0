/**
 * Adds Xᵀ diag(weight) X of some rows to the lower triangle of a symmetric matrix. Four rows at a time, so that an element of
 * the matrix is read and written once for all of them.
 *
 * @param gram `stride` values a row, of which the first `width` rows and columns are added to
 * @param x row after row, `width` values each
 * @param weight one for each row of x
 */
export function addGram(gram: Float64Array, stride: number, x: Float64Array, width: number, weight: Float64Array): void {
  const rows = weight.length;
  let row = 0;
  for (; row + 3 < rows; row += 4) {
    const a = row * width;
    const b = a + width;
    const c = b + width;
    const d = c + width;
    for (let i = 0; i < width; i++) {
      const xa = weight[row] * x[a + i];
      const xb = weight[row + 1] * x[b + i];
      const xc = weight[row + 2] * x[c + i];
      const xd = weight[row + 3] * x[d + i];
      const at = i * stride;
      for (let j = 0; j <= i; j++) gram[at + j] += xa * x[a + j] + xb * x[b + j] + (xc * x[c + j] + xd * x[d + j]);
    }
  }
  for (; row < rows; row++) {
    const a = row * width;
    for (let i = 0; i < width; i++) {
      const xi = weight[row] * x[a + i];
      for (let j = 0; j <= i; j++) gram[i * stride + j] += xi * x[a + j];
    }
  }
}
