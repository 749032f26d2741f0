// Fetches what tests need beside the packages: a Temporal server, an S3 server, Pythons with what reads the store, tests the API and
// makes clients of it, linters of OpenAPI and what makes types from it, and a browser.
import { findTemporal } from "../dev/temporal/find-temporal.ts";
import { getChromium } from "./get-chromium.mjs";
import { getVersitygw } from "./get-versitygw.mjs";
import { getNpmTools } from "./npm-tools.mjs";
import { getEnvironment, getPython } from "./python-venv.mjs";

const tools = [
  ["Temporal", async () => (await findTemporal({ onNote: (note) => process.stdout.write(`  ${note}\n`) })).path],
  ["versitygw", getVersitygw],
  ["Python with pyarrow, DuckDB, pandas, Polars and Matplotlib", getPython],
  ["Schemathesis", () => getEnvironment("schemathesis")],
  ["maker of Python clients", () => getEnvironment("client-generator")],
  ["maker of TypeScript types", () => getNpmTools("openapi-types")],
  ["linters of OpenAPI", () => getNpmTools("openapi-linters")],
  ["Chromium", getChromium],
];
const results = await Promise.allSettled(tools.map(([, get]) => get()));
results.forEach((result, i) => {
  const said = result.status === "fulfilled" ? "is there" : `can't be had: ${result.reason.message}`;
  process.stdout.write(`${tools[i][0]}: ${said}\n`);
});
process.exitCode = results.every(({ status }) => status === "fulfilled") ? 0 : 1;
