// What a container's HEALTHCHECK runs: `node scripts/healthcheck.mjs [PATH]`, by default /live. A container runs one program, so it
// is well when that program answers 200: a worker at WORKER_HEALTH_ADDRESS, or the API at PORT.
const path = process.argv[2] ?? "/live";
const { WORKER_HEALTH_ADDRESS, PORT } = process.env;
const addresses = [WORKER_HEALTH_ADDRESS, `127.0.0.1:${PORT || 8000}`].filter(Boolean).map(loopback);

const answers = await Promise.all(addresses.map(ask));
if (!answers.some(({ ok }) => ok)) {
  console.error(answers.map(({ text }) => text).join("; "));
  process.exitCode = 1;
}

/** A program that listens on every address is asked on the loopback one. */
function loopback(address) {
  return address.replace(/^0\.0\.0\.0:/, "127.0.0.1:").replace(/^\[::\]:/, "[::1]:");
}

async function ask(address) {
  const url = `http://${address}${path}`;
  try {
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    return { ok, text: `${url} answers ${status}` };
  } catch (error) {
    return { ok: false, text: `${url}: ${error.cause?.message ?? error.message}` };
  }
}
