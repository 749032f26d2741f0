/** The labels of each sample name in a scrape (including `x_bucket`). */
export function samplesOf(text: string): Map<string, Set<string>> {
  const samples = new Map<string, Set<string>>();
  for (const line of text.split("\n")) {
    const [, name, labels = ""] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (!name) continue;
    const known = samples.get(name) ?? new Set();
    for (const [, label] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) known.add(label);
    samples.set(name, known);
  }
  return samples;
}

/** The value of the first sample that has all given labels; NaN if there is none. */
export function sampleValue(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const line = text
    .split("\n")
    .find(
      (candidate) =>
        (candidate.startsWith(`${name}{`) || candidate.startsWith(`${name} `)) &&
        Object.entries(labels).every(([label, value]) => candidate.includes(`${label}="${value}"`)),
    );
  return Number(line?.split(" ").at(-1) ?? Number.NaN);
}
