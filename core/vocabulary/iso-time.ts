/** What {@link isIsoTime} looks for first. Browsers take it as a field's pattern, with the flag v. */
export const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|(\+|-)\d\d:\d\d))?$/;

/** What a time that people give has to look like. A date alone is its midnight in UTC. */
export const ISO_TIME_WORDS = "an ISO 8601 date or time with a zone, like 2020-12-31 or 2020-12-31T12:00:00Z";

/** Whether a text is a time that means the same everywhere: a time without a zone does not. */
export function isIsoTime(text: string): boolean {
  return ISO_TIME.test(text) && !Number.isNaN(Date.parse(text));
}
