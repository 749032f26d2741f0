/** The methods that a path answers to, from routes as Hono lists them (`/symbol/:symbol`); none if no route has the path. */
export function createAllowedMethods(routes: readonly { readonly path: string; readonly method: string }[]): (path: string) => string[] {
  const patterns = routes.map(({ path, method }) => ({ method, pattern: new RegExp(`^${path.split("/").map(toPattern).join("/")}$`) }));
  return (path) => {
    const found = new Set(patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method));
    if (found.has("GET")) found.add("HEAD");
    return [...found].sort();
  };
}

function toPattern(segment: string): string {
  return segment.startsWith(":") ? "[^/]+" : segment.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
