/** The Python with pyarrow, DuckDB, pandas and Polars, or why there is none. */
export async function findPython(): Promise<{ readonly python: string; readonly why: string }> {
  const { getPython } = (await import(new URL("../../scripts/python-venv.mjs", import.meta.url).href)) as { getPython(): Promise<string> };
  return getPython().then(
    (python) => ({ python, why: "" }),
    (error: Error) => ({ python: "", why: error.message }),
  );
}
