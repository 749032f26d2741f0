/*
 * XᵀWX, on which fitting a linear model spends most of its time.
 *
 * The plain way adds one row's products to all elements of the matrix, so that each element is read and written once a row. Here
 * four rows are taken at a time: an element is read and written once for the four products of these rows, which are first added
 * to each other in pairs, so that no addition waits for the one before. And two rows of the matrix are taken at a time, so that
 * each value of x that is loaded serves both. Rows and columns that are left over go one by one.
 *
 * The order of the additions is part of the result: another grouping rounds differently, and models would have other bytes.
 */

/** A symmetric matrix in the making, of which only the lower triangle is filled. */
export interface LowerTriangle {
  readonly values: Float64Array;
  /** values per row */
  readonly stride: number;
}

/**
 * Adds Xᵀ diag(weight) X to the first `width` rows and columns of a matrix.
 *
 * @param x row after row, `width` values each
 * @param weight one for each row of x
 */
export function addGram({ values: gram, stride }: LowerTriangle, x: Float64Array, width: number, weight: Float64Array): void {
  const rows = weight.length;
  let row = 0;
  for (; row + 3 < rows; row += 4) {
    const a = row * width;
    const b = a + width;
    const c = b + width;
    const d = c + width;
    const wa = weight[row];
    const wb = weight[row + 1];
    const wc = weight[row + 2];
    const wd = weight[row + 3];
    let i = 0;
    for (; i + 1 < width; i += 2) {
      // Weighted values of the four rows: x for row i of the matrix, y for row i + 1.
      const xa = wa * x[a + i];
      const xb = wb * x[b + i];
      const xc = wc * x[c + i];
      const xd = wd * x[d + i];
      const ya = wa * x[a + i + 1];
      const yb = wb * x[b + i + 1];
      const yc = wc * x[c + i + 1];
      const yd = wd * x[d + i + 1];
      const at = i * stride;
      const next = at + stride;
      for (let j = 0; j <= i; j++) {
        const ja = x[a + j];
        const jb = x[b + j];
        const jc = x[c + j];
        const jd = x[d + j];
        gram[at + j] += xa * ja + xb * jb + (xc * jc + xd * jd);
        gram[next + j] += ya * ja + yb * jb + (yc * jc + yd * jd);
      }
      const j = i + 1;
      gram[next + j] += ya * x[a + j] + yb * x[b + j] + (yc * x[c + j] + yd * x[d + j]);
    }
    for (; i < width; i++) {
      const xa = wa * x[a + i];
      const xb = wb * x[b + i];
      const xc = wc * x[c + i];
      const xd = wd * x[d + i];
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
