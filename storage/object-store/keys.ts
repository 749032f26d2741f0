import { InvalidInputError } from "../../core/vocabulary/errors.ts";

/** Folder of a file store's temporary files and locks. No key may name anything in it, in any store. */
export const PRIVATE = ".candlecast";

/** Whether a key stays in its store and names one object. */
export function isUsableKey(key: string): boolean {
  const segments = key.split("/");
  const foreign = segments.some((segment) => segment === "" || segment === "." || segment === ".." || /[\\\0]/.test(segment));
  return key.length <= 900 && segments[0] !== PRIVATE && !foreign;
}

/** @throws {InvalidInputError} if the key could leave its store or name two objects */
export function checkKey(key: string): string {
  if (!isUsableKey(key)) throw new InvalidInputError(`${JSON.stringify(key.slice(0, 100))} is not a valid object key`);
  return key;
}
