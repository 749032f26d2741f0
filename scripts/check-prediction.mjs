#!/usr/bin/env node
// What the button "Check this prediction" does, with the code of this folder instead of the service's:
// `node scripts/check-prediction.mjs http://127.0.0.1:8000 BTC`. Ends with 0 only if all is equal.
import { checkSymbol } from "../api/browser/check-symbol.ts";

const MARKS = { equal: "✓", differs: "✗", unchecked: "–" };
const [url, symbol] = process.argv.slice(2);
if (!url || !symbol) {
  console.error("usage: node scripts/check-prediction.mjs URL SYMBOL");
  process.exit(2);
}
try {
  const root = url.endsWith("/") ? url : `${url}/`;
  const { steps, sentence, outcome } = await checkSymbol({ symbol: symbol.toUpperCase(), root, fetch, now: Date.now });
  for (const { name, outcome, what, differences, note } of steps) {
    console.log(`${MARKS[outcome]} ${name}: ${what}`);
    for (const { of, expected, found } of differences) console.log(`    ${of}: expected ${expected}, found ${found}`);
    if (note) console.log(`    ${note}`);
  }
  console.log(sentence);
  process.exitCode = outcome === "equal" ? 0 : 1;
} catch (error) {
  console.error(`It could not be checked: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
