/** `random_forest` as people write it. */
export function modelWords(name: string): string {
  return name.replaceAll("_", " ");
}
