export interface DocumentInput {
  readonly version: string;
  /** what every path begins with for clients; empty: nothing */
  readonly basePath: string;
}

/** What the reference says of the whole service; routes and schemas add themselves. */
export function openApiDocument({ version, basePath }: DocumentInput) {
  return {
    openapi: "3.1.0",
    info: {
      title: "candlecast",
      version,
      description:
        "Predictions from the models of the newest manifest. Unknown values are null. Where no model beats its baseline, the baseline is served and labelled `no_skill`.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      contact: { name: "candlecast" },
    },
    // Where no token is set, nothing asks for one; reading never does.
    security: [{}],
    servers: [{ url: basePath || "/", description: "this service" }],
    tags: [
      { name: "predictions", description: "What is predicted, by which model, and how it came out" },
      { name: "reports", description: "What a person judges a coin's models by" },
      { name: "manifests", description: "What was published, and how versions differ" },
      { name: "evidence", description: "What served predictions were made from, byte for byte, to check them" },
      { name: "runs", description: "Runs in Temporal: how they went, and starting one" },
      { name: "service", description: "Health, readiness, and looking for a newer manifest" },
    ],
  };
}
