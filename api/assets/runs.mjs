import "./live.mjs";

// Shows runs and starts one, for whoever has the token. It is sent as a header only, and kept for this tab only.

const KEY = "candlecast-token";
const BUSY_MS = 3_000;
const QUIET_MS = 30_000;
const UNAVAILABLE_MS = 10_000;

const desk = document.querySelector("#desk");
const part = (selector) => desk.querySelector(selector);
/** Rows by run id, each with what it shows: only what has changed is drawn again, so that the focus stays. */
const drawn = new Map();
let timer = 0;
/** Answers to requests of before a change of the token are dropped. */
let round = 0;

async function ask(request = {}) {
  const headers = { Authorization: `Bearer ${sessionStorage.getItem(KEY)}`, Accept: "application/json", ...request.headers };
  return fetch(new URL(desk.dataset.runs, document.baseURI), { ...request, headers, cache: "no-store" });
}

async function detailOf(answer) {
  const problem = await answer.json().catch(() => ({}));
  return { field: problem.field ?? null, detail: problem.detail ?? `The service answered with status ${answer.status}.` };
}

function say(text) {
  const state = part("#desk-state");
  if (state.textContent !== text) state.textContent = text;
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function clock(iso) {
  const words = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" };
  return `${new Date(iso).toLocaleString("en-GB", words)} UTC`;
}

function linked({ workflow_id, url }) {
  return /^https?:/.test(url ?? "") ? element("a", { href: url, textContent: workflow_id }) : workflow_id;
}

function rowOf(run) {
  const { type, status, started_at, summary, reason, progress } = run;
  const kind = { running: "", completed: "good" }[status] ?? "warn";
  const outcome = element("td", { className: "text outcome" });
  if (progress) {
    const { words, done, total } = progress;
    if (total !== null) {
      const bar = element("progress", { max: total, value: done });
      bar.setAttribute("aria-label", `progress of ${run.workflow_id}`);
      outcome.append(bar);
    }
    outcome.append(element("div", { textContent: words }));
  }
  if (summary) outcome.append(element("div", { textContent: summary }));
  if (reason) outcome.append(element("div", { className: "wrong", textContent: reason }));
  return element(
    "tr",
    {},
    element("td", { className: "text", textContent: clock(started_at) }),
    element("td", { className: "text" }, linked(run), element("div", { className: "small muted", textContent: type })),
    element("td", { className: "text" }, element("span", { className: `tag ${kind}`, textContent: status.replaceAll("_", " ") })),
    outcome,
  );
}

function draw(runs) {
  const rows = runs.map((run) => {
    const shown = JSON.stringify(run);
    const known = drawn.get(run.run_id);
    if (known?.shown === shown) return known.row;
    const row = rowOf(run);
    known?.row.replaceWith(row);
    drawn.set(run.run_id, { shown, row });
    return row;
  });
  const body = part("#run-list tbody");
  for (const row of [...body.children]) if (!rows.includes(row)) row.remove();
  rows.forEach((row, i) => {
    if (body.children[i] !== row) body.insertBefore(row, body.children[i] ?? null);
  });
  const open = runs.filter(({ status }) => status === "running").length;
  say(
    runs.length === 0
      ? "There are no runs yet."
      : open > 0
        ? `${open} of the last ${runs.length} runs under way.`
        : `The last ${runs.length} runs; none is under way.`,
  );
  return open;
}

function show({ list, forms, forget }) {
  part("#run-list").hidden = !list;
  part("#run-forms").hidden = !forms;
  part("#forget").hidden = !forget;
}

/** Shows the runs of now, and looks again in a while as long as the page is seen. */
async function refresh() {
  clearTimeout(timer);
  if (document.hidden || sessionStorage.getItem(KEY) === null) return;
  const own = ++round;
  let nextMs = UNAVAILABLE_MS;
  try {
    const answer = await ask();
    const { runs } = answer.ok ? await answer.clone().json() : {};
    const { detail } = answer.ok ? {} : await detailOf(answer);
    if (own !== round) return;
    if (answer.ok) {
      show({ list: runs.length > 0, forms: true, forget: true });
      nextMs = draw(runs) > 0 ? BUSY_MS : QUIET_MS;
    } else if ([401, 403, 404].includes(answer.status)) {
      forget();
      say(answer.status === 401 ? "This is not the service’s token." : detail);
      return;
    } else {
      show({ list: false, forms: true, forget: true });
      say(detail);
    }
  } catch {
    if (own !== round) return;
    say("The service does not answer; it is asked again in a moment.");
  }
  timer = setTimeout(refresh, nextMs);
}

function forget() {
  clearTimeout(timer);
  round++;
  sessionStorage.removeItem(KEY);
  show({ list: false, forms: false, forget: false });
  say("");
}

function mark(form, name, words) {
  const input = form.elements[name];
  form.querySelector(`[data-wrong="${name}"]`).textContent = words;
  if (words === "") input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
}

const inputsOf = (form) => [...form.querySelectorAll("[data-type]")];

/** The first field that can't be sent is focused; each is marked. */
function check(form) {
  const wrong = inputsOf(form).filter((input) => {
    const { name, value, validity, dataset } = input;
    // Where the input is not a number, the browser shows it but gives an empty value, so the message can't repeat it.
    const words = validity.badInput ? `This should be ${dataset.wanted}.` : `${value} should be ${dataset.wanted}.`;
    mark(form, name, validity.valid ? "" : words);
    return !validity.valid;
  });
  wrong[0]?.focus();
  return wrong.length === 0;
}

function sentValue({ value, dataset }) {
  if (dataset.type === "number") return Number(value);
  if (dataset.type !== "list") return value.trim();
  return value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

async function start(form) {
  const outcome = form.querySelector("[data-outcome]");
  const button = form.querySelector("button");
  outcome.textContent = "";
  if (!check(form) || button.getAttribute("aria-disabled") === "true") return;
  const filled = inputsOf(form).filter(({ value }) => value.trim() !== "");
  const input = Object.fromEntries(filled.map((field) => [field.name, sentValue(field)]));
  button.setAttribute("aria-disabled", "true");
  try {
    const body = JSON.stringify({ kind: form.dataset.kind, input });
    const answer = await ask({ method: "POST", body, headers: { "Content-Type": "application/json" } });
    if (answer.ok) {
      outcome.replaceChildren("Started ", linked(await answer.json()), ".");
      void refresh();
      return;
    }
    const { field, detail } = await detailOf(answer);
    if (answer.status === 422 && inputsOf(form).some(({ name }) => name === field)) {
      mark(form, field, detail);
      form.elements[field].focus();
    } else outcome.textContent = detail;
  } catch {
    outcome.textContent = "The service does not answer. Look at the runs above before you try again: this one may have been started.";
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

part("#token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = part("#token");
  sessionStorage.setItem(KEY, field.value.trim());
  field.value = "";
  void refresh();
});
part("#forget").addEventListener("click", () => {
  forget();
  part("#token").focus();
});
for (const form of desk.querySelectorAll("form[data-kind]"))
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void start(form);
  });
document.addEventListener("visibilitychange", () => void refresh());
void refresh();
