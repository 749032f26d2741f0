/** Of what never changes: a published object, or a file with a digest in its name. */
export const FOR_EVER = "public, max-age=31536000, immutable";
/** Of what is true only at the moment. */
export const NOT_KEPT = { "Cache-Control": "no-store" } as const;
