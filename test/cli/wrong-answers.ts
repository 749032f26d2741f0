import { at, headerAt, jsonAt, type Sent, type Tamper, textAt } from "./tampered-api.ts";

const UNKNOWN = "/symbol/NOSUCHCOIN";
const CSP = "content-security-policy";
const style = "</title><link rel=stylesheet href=./assets/planted.css>";
const planted = (css: string): Tamper => {
  const homePage = textAt("/", "</title>", style);
  return (path, answer, known) =>
    path === "/assets/planted.css" ? { status: 200, headers: { "content-type": "text/css" }, body: css } : homePage(path, answer, known);
};

/** What a login page in front of a service answers to everything. */
export function proxyPage(_answer: Sent, status: number): Sent {
  return { status, headers: { "content-type": "text/html" }, body: "<!doctype html><title>Corporate proxy</title><p>Sign in</p>" };
}

/** Answers that are wrong: the check that has to fail by each, what is wrong, how to make it so, what is said of it. */
export const WRONG_ANSWERS: readonly (readonly [check: string, wrong: string, tamper: Tamper, sentence: RegExp])[] = [
  ["health", "another shape", jsonAt("/health", (body) => delete body.manifest.version), /as documented: manifest\.version: /],
  ["health", "an unknown state", jsonAt("/health", (body) => Object.assign(body, { status: "great" })), /^great: /],
  [
    "health",
    "nothing readable",
    jsonAt("/health", (body) => Object.assign(body, { status: "broken", detail: "It can't be read." })),
    /^broken: It can't be read$/,
  ],
  [
    "ready",
    "draining",
    at("/ready", () => problem(503, "draining", "The service is shutting down.")),
    /^not ready: The service is shutting/,
  ],
  ["ready", "a page of the balancer", at("/ready", (answer) => proxyPage(answer, 503)), /HTTP 503 with a page, "Corporate proxy"/],
  ["live", "another word", jsonAt("/live", (body) => Object.assign(body, { status: "undead" })), /as documented: status/],
  ["live", "JSON as text", headerAt("/live", "content-type", "text/plain"), /answers as text\/plain instead of application\/json/],
  ["live", "half an answer", textAt("/live", "}", ""), /instead of JSON/],
  ["live", "a redirection", at("/live", redirect), /^redirects to https:\/\/login\.example\/: check that address/],
  ["models", "no coin", jsonAt("/models", (body) => Object.assign(body, { symbols: [] })), /lists no coin/],
  ["models", "a coin without models", jsonAt("/models", (body) => Object.assign(body.symbols[0], { models: [] })), /no model of HET/],
  ["models", "a metric as text", jsonAt("/models", (body) => Object.assign(body.symbols[0].models[0], { n: "many" })), /models\.0\.n/],
  ["HET", "a price that isn't the return's", het((body) => (body.prediction.price *= 1 + 1e-6)), /has the price .*, but 295\.76.* × exp\(/],
  [
    "HET",
    "a model's price that isn't its return's",
    het((body) => (body.models[0].price *= 0.99)),
    /^gradient_boosting \(coin\) has the price/,
  ],
  [
    "HET",
    "a price below its interval",
    het((body) => (body.prediction.interval.lower = body.prediction.price + 1)),
    /outside of its interval/,
  ],
  [
    "HET",
    "a price above its interval",
    het((body) => (body.prediction.interval.upper = body.prediction.price - 1)),
    /outside of its interval/,
  ],
  ["HET", "a return without a price", het((body) => (body.prediction.price = null)), /a return without a price/],
  ["HET", "a price without a return", het((body) => (body.prediction.log_return = null)), /a price without a return/],
  ["HET", "a target in the past", het((body) => (body.target_candle = { ...body.as_of_candle, close: undefined })), /not after the as-of/],
  ["HET", "a target too far away", het((body) => (body.target_candle.close_time = "2017-06-03T00:00:00.000Z")), /not 1 × 1d after/],
  [
    "HET",
    "numbers that are withheld",
    het((body) => Object.assign(body.prediction, { label: "withheld", reasons: ["novel_input"] })),
    /withheld, but given/,
  ],
  [
    "HET",
    "no reason",
    het((body) => Object.assign(body.direction, { label: "withheld", probability_up: null })),
    /direction is withheld without a reason/,
  ],
  [
    "HET",
    "a reason, but no withholding",
    het((body) => (body.direction.reasons = ["novel_input"])),
    /reasons against it \(novel_input\), but isn't/,
  ],
  [
    "HET",
    "a baseline that is called champion",
    het((body) => (body.prediction.served_by = "no_change")),
    /but the champion linear_regression says/,
  ],
  [
    "HET",
    "no champion",
    het((body) => (body.models = body.models.map((model: object) => ({ ...model, role: "no_skill" })))),
    /no model is the champion/,
  ],
  ["HET", "another coin", het((body) => (body.symbol = "BTC")), /with the prediction of BTC/],
  ["unknown symbol", "200", at(UNKNOWN, (answer) => ({ ...answer, status: 200 })), /HTTP 200 instead of 404/],
  [
    "unknown symbol",
    "a page",
    at(UNKNOWN, (answer) => proxyPage(answer, answer.status)),
    /HTTP 404 with a page, "Corporate proxy", instead of JSON/,
  ],
  ["unknown symbol", "plain JSON", headerAt(UNKNOWN, "content-type", "application/json"), /instead of application\/problem\+json/],
  [
    "unknown symbol",
    "another type",
    jsonAt(UNKNOWN, (body) => (body.type = "urn:problem-type:candlecast:not-found")),
    /of the type .*not-found/,
  ],
  ["unknown symbol", "another status in its body", jsonAt(UNKNOWN, (body) => (body.status = 400)), /status 400 in its body/],
  ["unknown symbol", "not the known ones", jsonAt(UNKNOWN, (body) => (body.detail = "No. THETA?")), /doesn't name HET: No\. THETA/],
  ["reload", "no version", jsonAt("/reload", (body) => (body.version = null)), /found no manifest/],
  ["reload", "a refusal", at("/reload", () => problem(405, "method-not-allowed", "Use POST.")), /HTTP 405 instead of 200: Use POST\.$/],
  ["openapi.json", "OpenAPI 3.0", jsonAt("/openapi.json", (body) => (body.openapi = "3.0.3")), /is OpenAPI 3\.0\.3, not 3\.1/],
  ["openapi.json", "a missing route", jsonAt("/openapi.json", (body) => delete body.paths["/reload"]), /doesn't describe \/reload/],
  ["openapi.json", "no server", jsonAt("/openapi.json", (body) => delete body.servers), /as documented: servers: /],
  [
    "openapi.json",
    "another server",
    jsonAt("/openapi.json", (body) => (body.servers[0].url = "https://x.example/")),
    /is at https:\/\/x\.example/,
  ],
  ["conditional request", "no ETag", headerAt("/symbol/HET", "etag", null), /without an ETag/],
  ["conditional request", "everything anew", at("/symbol/HET", anew), /HTTP 200 instead of 304/],
  ["conditional request", "nothing anew", at("/symbol/HET", never), /HTTP 304 instead of 200 to whoever has something else/],
  ["home page", "a page of a proxy", at("/", (answer) => proxyPage(answer, answer.status)), /page of something else, "Corporate proxy"/],
  ["home page", "JSON", headerAt("/", "content-type", "application/json"), /instead of text\/html/],
  ["home page", "an error", at("/", (answer) => ({ ...answer, status: 500 })), /HTTP 500 instead of 200/],
  ["home page", "a redirection", at("/", redirect), /^redirects to https:\/\/login\.example\//],
  [
    "home page",
    "a script from elsewhere",
    textAt("/", "</body>", "<script async src='//cdn.example/x.js'></script></body>"),
    /loads http:\/\/cdn\.example\/x\.js from/,
  ],
  [
    "home page",
    "a picture from elsewhere",
    textAt("/", "</body>", '<img srcset="./a.png 1x, https://cdn.example/b.png 2x"></body>'),
    /cdn\.example\/b\.png/,
  ],
  [
    "home page",
    "a font from elsewhere",
    planted("@font-face{src:url( 'https://fonts.example/f.woff2')}"),
    /fonts\.example\/f\.woff2 from another/,
  ],
  ["home page", "a style from elsewhere", planted('@import "https://fonts.example/f.css";'), /fonts\.example\/f\.css from another/],
  ["home page", "a missing style", textAt("/", "</title>", style), /needs \/assets\/planted\.css, which is answered with HTTP 4/],
  [
    "home page",
    "a page as a script",
    textAt("/", "</body>", '<script src="./runs"></script></body>'),
    /needs \/runs, which is answered with a page/,
  ],
  ["home page", "no policy", headerAt("/", CSP, null), /lets scripts load from other hosts, .*no default-src/],
  ["home page", "an open policy", headerAt("/", CSP, "default-src 'none'; script-src 'self' https:"), /script-src 'self' https:$/],
  ["home page", "a base elsewhere", textAt("/", "</title>", '</title><base href="https://x.example/">'), /has a <base>/],
  [
    "docs",
    "Swagger UI from a CDN",
    textAt("/docs", "docs/swagger-ui-bundle.js", "https://cdn.example/s.js"),
    /loads https:\/\/cdn\.example\/s\.js from/,
  ],
  [
    "docs",
    "a missing script",
    at("/docs/start.js", (answer) => ({ ...answer, status: 404 })),
    /needs \/docs\/start\.js, which is answered with HTTP 404/,
  ],
];

// biome-ignore lint/suspicious/noExplicitAny: a test changes answers into what their types forbid
function het(change: (body: any) => unknown): Tamper {
  return jsonAt("/symbol/HET", (body) => void change(body));
}

function redirect(answer: Sent) {
  return { status: 302, headers: { location: "https://login.example/" }, body: answer.body };
}

function problem(status: number, name: string, detail: string) {
  const body = { type: `urn:problem-type:candlecast:${name}`, title: name, status, detail, instance: "/" };
  return { status, headers: { "content-type": "application/problem+json" }, body: JSON.stringify(body) };
}

function anew(answer: Sent) {
  return { ...answer, status: 200 };
}

function never(answer: Sent, known: string | undefined) {
  return known === undefined ? answer : { ...answer, status: 304, body: "" };
}
