// Draws a coin's candles with its predictions. The table on the page holds the same values, for whoever can't see the chart.
import "./live.mjs";
import "./check.mjs";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const seconds = (iso) => Date.parse(iso) / 1000;
const write = (value) =>
  value === null || value === undefined ? "unknown" : value.toLocaleString("en-US", { maximumSignificantDigits: 7 });

let chart = null;

async function draw() {
  const place = document.querySelector("#chart");
  if (!place) return;
  const [library, answer, newest] = await Promise.all([
    import(new URL(place.dataset.library, location.href).href),
    fetch(place.dataset.history),
    fetch(place.dataset.prediction),
  ]);
  if (!answer.ok) {
    place.textContent = "The candles can't be read at the moment.";
    return;
  }
  const { rows } = await answer.json();
  if (newest.ok) addServed(rows, await newest.json());
  const prices = rows.filter(({ task }) => task !== "classification");
  const candles = [...new Map(prices.filter(({ close }) => close !== null).map((row) => [row.open_time, row])).values()];
  const forecasts = [...new Map(prices.filter(({ price }) => price !== null).map((row) => [row.open_time, row])).values()];
  chart?.remove();
  const { createChart, CandlestickSeries, HistogramSeries, LineSeries, LineStyle } = library;
  const text = colour("--text");
  const line = colour("--line");
  chart = createChart(place, {
    autoSize: true,
    layout: { background: { color: "transparent" }, textColor: text, fontSize: 12, attributionLogo: false },
    grid: { vertLines: { color: line }, horzLines: { color: line } },
    rightPriceScale: { borderColor: line },
    timeScale: { borderColor: line, timeVisible: false },
  });
  const precision = Number(place.dataset.digits);
  const priceFormat = { type: "price", precision, minMove: 10 ** -precision };
  const [up, down] = [colour("--good"), colour("--second")];
  const bars = chart.addSeries(CandlestickSeries, {
    upColor: "transparent",
    downColor: down,
    borderUpColor: up,
    borderDownColor: down,
    wickUpColor: up,
    wickDownColor: down,
    priceFormat,
  });
  bars.setData(candles.map(({ open_time, open, high, low, close }) => ({ time: seconds(open_time), open, high, low, close })));
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: "volume",
    priceFormat: { type: "volume" },
    color: colour("--calm-back"),
    lastValueVisible: false,
    priceLineVisible: false,
  });
  volume.setData(
    candles.filter(({ volume: value }) => value !== null).map(({ open_time, volume: value }) => ({ time: seconds(open_time), value })),
  );
  chart.priceScale("volume").applyOptions({ scaleMargins: { top: 0.85, bottom: 0 } });
  const draws = { priceFormat, crosshairMarkerVisible: false, lastValueVisible: false, priceLineVisible: false };
  const predicted = chart.addSeries(LineSeries, { ...draws, color: colour("--accent"), lineWidth: 2, lastValueVisible: true });
  predicted.setData(forecasts.map(({ open_time, price }) => ({ time: seconds(open_time), value: price })));
  for (const end of ["lower", "upper"]) {
    const edge = chart.addSeries(LineSeries, { ...draws, color: down, lineWidth: 1, lineStyle: LineStyle.Dashed });
    edge.setData(forecasts.filter((row) => row[end] !== null).map((row) => ({ time: seconds(row.open_time), value: row[end] })));
  }
  const all = [...new Set(prices.map(({ open_time }) => open_time))];
  const count = place.clientWidth < 500 ? 40 : 90;
  chart.timeScale().setVisibleLogicalRange({ from: all.length - count, to: all.length + 1 });
  readAloud(place, prices, all, bars);
}

/** What is served now stands on the candle to come, also where the history has nothing of it. */
function addServed(rows, { prediction, target_candle: { open_time } }) {
  if (prediction.price === null || rows.some((row) => row.open_time === open_time && row.price !== null)) return;
  const { lower = null, upper = null } = prediction.interval ?? {};
  rows.push({ open_time, task: "regression", close: null, price: prediction.price, lower, upper, volume: null });
}

/** Says the values of a candle in words as the pointer or the arrow keys reach it. */
function readAloud(place, rows, times, bars) {
  const at = document.querySelector("#chart-at");
  const say = (time) => {
    const row = rows.findLast(({ open_time }) => open_time === time);
    if (!row || !at) return;
    const forecast = row.price === null ? "" : `, predicted ${write(row.price)} (${write(row.lower)} to ${write(row.upper)})`;
    at.textContent = `${time.slice(0, 16).replace("T", " ")}: close ${row.close === null ? "still open" : write(row.close)}${forecast}`;
  };
  chart.subscribeCrosshairMove(({ time }) => time !== undefined && say(new Date(time * 1000).toISOString()));
  let position = times.length - 1;
  place.onkeydown = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -times.length, End: times.length }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    position = Math.min(times.length - 1, Math.max(0, position + step));
    const time = times[position];
    const row = rows.findLast(({ open_time }) => open_time === time);
    chart.setCrosshairPosition(row?.close ?? row?.price ?? 0, seconds(time), bars);
    say(time);
  };
}

await draw();
document.addEventListener("renewed", () => void draw());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => void draw());
