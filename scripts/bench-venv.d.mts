/** See bench-venv.mjs. */
export function getBenchPython(): string;
