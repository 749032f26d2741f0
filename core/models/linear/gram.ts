/**
 * Adds Xᵀ diag(weight) X of some rows to the lower triangle of a symmetric matrix. Four rows at a time, so that an element of
 * the matrix is read and written once for all of them, and two of its rows at a time, so that each value of x serves both.
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
    const wa = weight[row];
    const wb = weight[row + 1];
    const wc = weight[row + 2];
    const wd = weight[row + 3];
    let i = 0;
    for (; i + 1 < width; i += 2) {
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
