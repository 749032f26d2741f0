import { createHash, randomUUID } from "node:crypto";
import { glob, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../dev/cache-folder.mjs";
import { projectFile } from "../../dev/project-file.ts";

/** Everything that a bundle of the workflows can be made of: whatever else changes leaves it as it is. */
const SOURCES = [
  "workflows/**/*.ts",
  "core/**/*.ts",
  "telemetry/*.ts",
  "scripts/bundle-workflows.mjs",
  "package-lock.json",
  "tsconfig.json",
];

/** So many bundles are kept, those of other sources; one has some 2 MB. */
const KEPT = 5;

/**
 * A digest of all that decides what a bundle is.
 *
 * @param interceptors paths of modules that are bundled, too
 */
export async function bundleDigest(interceptors: readonly string[]): Promise<string> {
  const root = projectFile("");
  const paths: string[] = [];
  for await (const path of glob([...SOURCES], { cwd: root })) paths.push(path);
  const hash = createHash("sha256").update(JSON.stringify([process.version, root, interceptors]));
  for (const path of paths.sort()) hash.update(`\n${path}\n`).update(await readFile(join(root, path)));
  return hash.digest("hex");
}

/** A bundle that was kept, if it is whole; null where there is none. */
export async function keptBundle(digest: string): Promise<string | null> {
  const text = await readFile(pathOf(digest), "utf8").catch(() => null);
  const [head] = text?.split("\n", 1) ?? [];
  if (text === null || head === undefined) return null;
  const code = text.slice(head.length + 1);
  return head === `// ${createHash("sha256").update(code).digest("hex")}` ? code : null;
}

/** Keeps a bundle for the next start. Where that is not possible, the next start makes it again. */
export async function keepBundle(digest: string, code: string): Promise<void> {
  const path = pathOf(digest);
  const temporary = `${path}.${randomUUID()}`;
  try {
    await mkdir(cacheFolder(), { recursive: true });
    await writeFile(temporary, `// ${createHash("sha256").update(code).digest("hex")}\n${code}`);
    await rename(temporary, path);
    await removeOldest();
  } catch {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

async function removeOldest(): Promise<void> {
  const found: { readonly path: string; readonly time: number }[] = [];
  for await (const name of glob("workflows-*.js", { cwd: cacheFolder() })) {
    const path = join(cacheFolder(), name);
    found.push({ path, time: (await stat(path)).mtimeMs });
  }
  for (const { path } of found.sort((a, b) => b.time - a.time).slice(KEPT)) await rm(path, { force: true });
}

function pathOf(digest: string): string {
  return join(cacheFolder(), `workflows-${digest.slice(0, 16)}.js`);
}
