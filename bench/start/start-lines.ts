/** Whether a line of `npm start` is candlecast's: npm's own begin with `>` or are empty. */
export function isFirstLine(text: string): boolean {
  return text.trim() !== "" && !text.startsWith(">");
}

/** Whether a line names the run that was started, by the address of its page. */
export function namesRun(text: string): boolean {
  return /\/workflows\/pipeline-/.test(text);
}
