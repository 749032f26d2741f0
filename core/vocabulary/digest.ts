/** A SHA-256 digest in hex. */
export const DIGEST_PATTERN: RegExp = /^[0-9a-f]{64}$/;
