/** How many of the newest values up to each row are the same, itself included: the window of `period` is flat from `period` on. */
export function countUnchanged(values: Float64Array): Int32Array {
  const counts = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) counts[i] = i > 0 && values[i] === values[i - 1] ? counts[i - 1] + 1 : 1;
  return counts;
}
