import { createHash } from "node:crypto";
import { encodeManifest } from "./encode-manifest.ts";
import type { Manifest } from "./manifest.ts";
import { manifestVersion } from "./manifest-version.ts";

/** Stands for a manifest's own version until its content is complete; the entries that it makes have it as `since`. */
export const OWN_VERSION = "";

/** Gives a manifest its version, made of its time and its content. Entries whose `since` is {@link OWN_VERSION} get it too. */
export function sealVersion(content: Omit<Manifest, "version">): Manifest {
  const version = manifestVersion(Date.parse(content.createdAt), contentDigest({ ...content, version: OWN_VERSION }));
  return { ...content, version, symbols: replaceSince(content.symbols, OWN_VERSION, version) };
}

/**
 * The digest that a manifest's version ends with: of its content without the version, and without the file of its forecasts.
 * That file's rows name the version, so they can't count for it; they follow from the rest of the content.
 *
 * @param manifest as it was stored, of whatever schema
 * @returns sha256 in hex
 */
export function contentDigest(manifest: { readonly version?: unknown; readonly symbols?: unknown; readonly forecasts?: unknown }): string {
  const { forecasts: _, ...lasting } = manifest;
  const symbols = replaceSince((manifest.symbols ?? {}) as Manifest["symbols"], manifest.version, OWN_VERSION);
  const content = { ...lasting, version: OWN_VERSION, symbols } as Manifest;
  return createHash("sha256").update(encodeManifest(content)).digest("hex");
}

function replaceSince(symbols: Manifest["symbols"], from: unknown, to: string): Manifest["symbols"] {
  return Object.fromEntries(
    Object.entries(symbols).map(([symbol, entry]) => [symbol, entry?.since === from ? { ...entry, since: to } : entry]),
  );
}
