import { InvalidInputError } from "../../core/errors.ts";

/** @throws {InvalidInputError} if the key could leave its store or name two objects */
export function checkKey(key: string): string {
  const segments = key.split("/");
  if (key.length > 900 || segments.some((segment) => segment === "" || segment === "." || segment === ".." || /[\\\0]/.test(segment))) {
    throw new InvalidInputError(`${JSON.stringify(key.slice(0, 100))} is no usable object key`);
  }
  return key;
}
