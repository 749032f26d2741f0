import { isSymbol } from "../../core/vocabulary/symbol.ts";
import { useProxy } from "../../sources/proxy.ts";
import { type CommandBody, textOption } from "../command.ts";
import { type CheckResult, runChecks } from "../smoke/run-checks.ts";
import { UsageError } from "../usage-error.ts";

const SECONDS = 10;
const SYMBOL = "HET";

export const smokeCommand: CommandBody = {
  details: `Asks a running API, wherever it runs, by GET only. Prints a line per check, and exits with 1 if one of them fails. A service that is stale,
degraded or withheld passes, with these words; --strict fails on everything that isn't fresh.

Examples:
  candlecast smoke http://127.0.0.1:8000
  candlecast smoke https://example.org/prod --strict --json`,
  argument: { syntax: "<url>", description: "address of the API, with its base path if it has one" },
  options: [
    { flags: "--strict", description: "fail on anything that isn't fresh" },
    { flags: "--symbol <name>", description: `the coin whose prediction is checked (default: ${SYMBOL})` },
    { flags: "--timeout <seconds>", description: `for each request (default: ${SECONDS})` },
  ],
  async run({ args: [address], options, env, output, signal }) {
    const url = readAddress(address);
    const symbol = (textOption(options, "symbol") ?? SYMBOL).toUpperCase();
    if (!isSymbol(symbol)) throw new UsageError(`${JSON.stringify(symbol)} is not a symbol`);
    const strict = options.strict === true;
    const timeoutMs = readSeconds(textOption(options, "timeout") ?? String(SECONDS)) * 1000;
    useProxy(env);
    const checks = await runChecks({ url, symbol, strict, timeoutMs, signal });
    const ok = checks.every((check) => check.ok);
    output.out(options.json === true ? JSON.stringify({ url: url.href, ok, strict, checks }, null, 2) : lines(checks).join("\n"));
    return ok ? 0 : 1;
  },
};

function readAddress(text: string): URL {
  const wrong = (should: string) => new UsageError(`${JSON.stringify(text)} should be ${should}`);
  if (!URL.canParse(text)) throw wrong("an address like http://127.0.0.1:8000");
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) throw wrong("an address that begins with http:// or https://");
  if (url.username || url.password) throw new UsageError("the address should have no user and password");
  if (url.search || url.hash) throw wrong("an address without ? and #");
  return url;
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !(seconds > 0 && seconds <= 3600))
    throw new UsageError(`--timeout is ${JSON.stringify(text)}, but should be seconds, up to 3600`);
  return seconds;
}

function lines(checks: readonly CheckResult[]): string[] {
  const width = Math.max(...checks.map(({ check }) => check.length));
  const passed = checks.filter(({ ok }) => ok).length;
  return [
    ...checks.map(({ check, ok, detail }) => `${ok ? "✓" : "✗"} ${check.padEnd(width)}  ${detail}`),
    `${passed} of ${checks.length} checks passed`,
  ];
}
