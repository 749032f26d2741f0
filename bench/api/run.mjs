import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { getBenchPython } from "../../scripts/bench-venv.mjs";
import { createSimulated } from "../../sources/simulated.ts";
import { fillFolder } from "../../test/api/serve-folder.ts";
import { describeMachine } from "../machine.ts";
import { median } from "../measure.ts";
import { drive, quantile } from "./drive.ts";
import { paint } from "./paint.ts";
import { cpuMs, memoryMb } from "./process-cost.ts";
import { startOurs, startPeer } from "./servers.ts";

/** `npm run bench:api`: what a request costs, against FastAPI + uvicorn + scikit-learn with the same five kinds of models. */
const ROUNDS = 3;
const CONNECTIONS = 8;
const SECONDS = 4;
const AS_OF = Date.parse("2017-06-01T00:00:00Z");
/** The peer answers a few hundred requests a second, so its rounds need no more connections. */
const PEER_CONNECTIONS = 4;

const python = getBenchPython();
print(`${describeMachine()}; each in turns, ${ROUNDS} rounds of ${SECONDS} s, medians.`);
print("CPU is of the server's process, all threads; the client takes the other core.");
print("");
print("| what | candlecast | FastAPI + uvicorn + scikit-learn | ratio | goal | verdict |");
print("|---|---|---|---|---|---|");

const folder = mkdtempSync(join(tmpdir(), "candlecast-bench-"));
const stops = [];
try {
  const filled = await fillFolder(folder, { coins: 99, createdAt: new Date().toISOString() });
  const ours = await startOurs(folder);
  stops.push(ours);
  verdict("first answer with 100 coins, ms", ours.firstAnswerMs, "", 1_000, "");
  const memoryAtStart = memoryMb(ours.pid);
  await seeEveryPage(ours);
  verdict("memory after every page was seen, MB", memoryMb(ours.pid), "", 300, `at the start ${memoryAtStart.toFixed(0)}`);
  for (const path of ["/", "/coin/HET", "/runs", "/symbol/HET/report"]) {
    const { largestMs, kilobytes } = await paint(`http://127.0.0.1:${ours.port}${path}`);
    verdict(`${path}: largest contentful paint, ms`, largestMs, `${kilobytes.toFixed(0)} kB`, 1_000, "");
  }
  const peer = await startPeer(python, folder, filled);
  stops.push(peer);
  await compare("GET /symbol: a prediction", { ours, peer }, [get("/symbol/HET"), get("/symbol/BTC")], { times: 150, p99: true });
  const body = JSON.stringify({ candles: await candles(500) });
  await compare("POST /predict: from 500 candles", { ours, peer }, [post("/symbol/HET/predict", body), post("/symbol/BTC/predict", body)], {
    times: 15,
  });
  await alone("GET /: the overview of 100 coins, by br", ours, get("/", "Accept-Encoding: br\r\n"), 0.3);
  await alone("GET /: the same, 304", ours, get("/", `If-None-Match: ${await etagOf(ours, "/")}\r\n`), null);
  await alone("GET /models: 100 coins, by br", ours, get("/models", "Accept-Encoding: br\r\n"), null);
  await unread(ours);
} finally {
  for (const server of stops) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function compare(what, { ours, peer }, [ownRequest, peerRequest], { times, p99 = false }) {
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const own = await costed(ours, ownRequest, CONNECTIONS);
    const other = await costed(peer, peerRequest, PEER_CONNECTIONS);
    // The first one warms up.
    if (round > 0) rounds.push({ own, other });
  }
  const of = (side, field) => median(rounds.map((round) => round[side][field]));
  const [a, b] = [of("own", "cpu"), of("other", "cpu")];
  row(`${what}, CPU ms`, a.toFixed(3), b.toFixed(3), `${(b / a).toFixed(0)}× less`, `≥ ${times}×`, b / a >= times);
  row(
    `${what}, requests/s`,
    of("own", "rate").toFixed(0),
    of("other", "rate").toFixed(0),
    `${(of("own", "rate") / of("other", "rate")).toFixed(0)}×`,
    "",
    null,
  );
  const shares = rounds.map(({ own, other }) => other.p99 / own.p99);
  const text = `${shares.map((share) => share.toFixed(0)).join(", ")}× less`;
  row(
    `${what}, p99 ms`,
    of("own", "p99").toFixed(2),
    of("other", "p99").toFixed(2),
    text,
    p99 ? "≥ 20× in each round" : "",
    p99 ? shares.every((share) => share >= 20) : null,
  );
}

async function alone(what, server, request, most) {
  const costs = [];
  for (let round = 0; round < ROUNDS; round++) costs.push(await costed(server, request, CONNECTIONS));
  verdict(
    `${what}, CPU ms`,
    median(costs.map(({ cpu }) => cpu)),
    `${median(costs.map(({ rate }) => rate)).toFixed(0)} requests/s`,
    most,
    "",
  );
}

async function costed(server, request, connections) {
  const before = cpuMs(server.pid);
  const { requests, seconds, latencies } = await drive({ port: server.port, request, connections, seconds: SECONDS });
  return { cpu: (cpuMs(server.pid) - before) / requests, rate: requests / seconds, p99: quantile(latencies, 0.99) };
}

/** 16 connections send 1,400 requests each and read nothing; meanwhile others ask whether the service lives. */
async function unread(server) {
  const before = memoryMb(server.pid);
  const flood = get("/models").repeat(1_400);
  const sockets = Array.from({ length: 16 }, () => connect(server.port, "127.0.0.1").on("error", () => {}));
  for (const socket of sockets) {
    socket.pause();
    socket.write(flood);
  }
  let most = before;
  const waits = [];
  for (let i = 0; i < 40; i++) {
    const began = performance.now();
    await fetch(`http://127.0.0.1:${server.port}/live`).then((response) => response.text());
    waits.push(performance.now() - began);
    most = Math.max(most, memoryMb(server.pid));
    await setTimeout(25);
  }
  for (const socket of sockets) socket.destroy();
  verdict("16 × 1,400 unread requests, MB more", most - before, "", 50, "");
  verdict("GET /live meanwhile, slowest of 40, ms", Math.max(...waits), "", 100, "");
}

async function seeEveryPage(server) {
  const paths = [
    "/",
    "/runs",
    "/docs",
    "/symbol",
    "/models",
    "/openapi.json",
    "/manifests",
    "/symbol/HET/report",
    "/symbol/HET/history?limit=1000&model=all",
  ];
  const symbols = Array.from({ length: 99 }, (_, i) => `COIN${i}`).concat("HET");
  for (const path of [...paths, ...symbols.flatMap((symbol) => [`/coin/${symbol}`, `/symbol/${symbol}`])])
    await fetch(`http://127.0.0.1:${server.port}${path}`).then((response) => response.arrayBuffer());
}

async function etagOf({ port }, path) {
  return (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { "Accept-Encoding": "identity" } })).headers.get("etag");
}

async function candles(count) {
  const { rows } = await createSimulated().fetchPage({ symbol: "HET", interval: "1d", range: { from: 0, to: AS_OF } });
  return rows
    .slice(-count)
    .map(({ openTime, open, high, low, close, volume }) => ({ open_time: openTime, open, high, low, close, volume }));
}

function get(path, headers = "") {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
}

function post(path, body) {
  return `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function verdict(what, value, beside, most, note) {
  const figure = value.toFixed(value < 10 ? 3 : 0);
  row(what, beside ? `${figure} (${beside})` : figure, "", note, most === null ? "" : `≤ ${most}`, most === null ? null : value <= most);
}

function row(what, ours, theirs, ratio, goal, met) {
  print(`| ${[what, ours, theirs, ratio, goal, met === null ? "" : met ? "met" : "not met"].join(" | ")} |`);
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
