// What pages do in the browser beside links: find and sort coins, say how long ago something was, and take in what is new.

const find = () => document.querySelector("#find");
const sort = () => document.querySelector("#sort");

function arrange() {
  const body = document.querySelector("#coins");
  if (!body) return;
  const wanted = (find()?.value ?? "").trim().toUpperCase();
  const key = sort()?.value ?? "order";
  const rows = [...body.querySelectorAll("tr")];
  const value = (row) => (row.dataset[key] === "" ? Number.NEGATIVE_INFINITY : Number(row.dataset[key]));
  const compare = {
    order: (a, b) => value(a) - value(b),
    symbol: (a, b) => (a.dataset.symbol < b.dataset.symbol ? -1 : 1),
  }[key];
  rows.sort(compare ?? ((a, b) => value(b) - value(a)));
  body.append(...rows);
  for (const row of rows) row.hidden = !row.dataset.symbol.includes(wanted);
  const shown = rows.filter((row) => !row.hidden).length;
  const count = document.querySelector("#count");
  if (count)
    count.textContent =
      shown === rows.length
        ? `${rows.length} ${rows.length === 1 ? "coin" : "coins"}`
        : `${shown} of ${rows.length} ${rows.length === 1 ? "coin" : "coins"}`;
}

function sayAges() {
  for (const time of document.querySelectorAll("time[data-age]")) {
    const minutes = Math.round((Date.now() - Date.parse(time.dateTime)) / 60_000);
    time.title = time.dateTime;
    time.textContent =
      minutes < 1
        ? "just now"
        : minutes < 120
          ? `${minutes} min ago`
          : minutes < 2880
            ? `${Math.round(minutes / 60)} h ago`
            : `${Math.round(minutes / 1440)} days ago`;
  }
}

function wire() {
  find()?.addEventListener("input", arrange);
  sort()?.addEventListener("change", arrange);
  sayAges();
}

/** Takes the newest page in, and keeps what the reader has chosen, or is filling in. */
async function renew() {
  const chosen = { find: find()?.value ?? "", sort: sort()?.value ?? "order" };
  const answer = await fetch(location.href, { cache: "no-cache" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  if (!fresh) return;
  const focused = document.activeElement;
  for (const kept of document.querySelectorAll("[data-keep]")) fresh.querySelector(`#${kept.id}`)?.replaceWith(kept);
  document.querySelector("main")?.replaceWith(fresh);
  if (focused?.isConnected && focused.closest("[data-keep]")) focused.focus();
  wire();
  if (find()) find().value = chosen.find;
  if (sort()) sort().value = chosen.sort;
  arrange();
  document.dispatchEvent(new CustomEvent("renewed"));
}

wire();
setInterval(sayAges, 30_000);

const events = document.querySelector("link[rel=alternate][type='text/event-stream']");
if (events) {
  let seen = events.dataset.state;
  const source = new EventSource(events.href);
  source.addEventListener("manifest", (event) => {
    if (event.data !== seen) void renew();
    seen = event.data;
  });
}
