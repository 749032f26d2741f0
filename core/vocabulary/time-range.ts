/** Half-open range of open times, ms UTC; `from` 0 means since the listing. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}
