/**
 * Text of a caller, for an answer: at most so many characters, without half of a surrogate pair or control characters.
 *
 * @param longest in characters, at least 1
 */
export function clip(text: string, longest: number): string {
  const characters = [
    ...text
      .slice(0, 4 * longest)
      .toWellFormed()
      .replace(/\p{Cc}/gu, "\ufffd"),
  ];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : characters.join("");
}
