const SCRIPTS = new URL("../../scripts/", import.meta.url);

export interface Tools {
  /** folder with the `node_modules` of what makes types for TypeScript */
  readonly types: string;
  /** Python with what makes clients, and what they need */
  readonly generator: string;
  /** Python with pandas, pyarrow and Matplotlib */
  readonly python: string;
}

/** What makes and runs clients of the API; what can't be had tells why. */
export async function findClientTools(): Promise<{ readonly [K in keyof Tools]: { readonly path: string; readonly why: string } }> {
  const { getNpmTools } = (await import(new URL("npm-tools.mjs", SCRIPTS).href)) as { getNpmTools(set: string): Promise<string> };
  const { getEnvironment } = (await import(new URL("python-venv.mjs", SCRIPTS).href)) as { getEnvironment(name: string): Promise<string> };
  const [types, generator, python] = await Promise.all(
    [getNpmTools("openapi-types"), getEnvironment("client-generator"), getEnvironment("python")].map((got) =>
      got.then(
        (path) => ({ path, why: "" }),
        (error: Error) => ({ path: "", why: error.message }),
      ),
    ),
  );
  return { types, generator, python };
}
