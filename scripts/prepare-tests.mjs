// Fetches what tests need beside the packages: a Temporal server, an S3 server, a Python with pyarrow and DuckDB.
import { findTemporal } from "../dev/temporal/find-temporal.ts";
import { getVersitygw } from "./get-versitygw.mjs";
import { getPython } from "./python-venv.mjs";

const tools = [
  ["Temporal", async () => (await findTemporal({ onNote: (note) => process.stdout.write(`  ${note}\n`) })).path],
  ["versitygw", getVersitygw],
  ["Python with pyarrow and DuckDB", getPython],
];
const results = await Promise.allSettled(tools.map(([, get]) => get()));
results.forEach((result, i) => {
  const said = result.status === "fulfilled" ? "is there" : `can't be had: ${result.reason.message}`;
  process.stdout.write(`${tools[i][0]}: ${said}\n`);
});
process.exitCode = results.every(({ status }) => status === "fulfilled") ? 0 : 1;
