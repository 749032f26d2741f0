// Chart libraries that draw SVG without a browser: what each installs, and how long one line of 1,500 points takes.
// `node bench/chart-libraries.mjs`; the libraries are installed into a cache, not into the project.
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NODE } from "../scripts/install.mjs";

const RENDERS = 20;
const LIBRARIES = [
  {
    packages: ["vega@6.4.0"],
    load: 'const vega = await import("vega");',
    draw: `const view = new vega.View(vega.parse({ width: 420, height: 230, data: [{ name: "d", values: rows }],
      scales: [{ name: "x", type: "utc", domain: { data: "d", field: "t" }, range: "width" }, { name: "y", domain: { data: "d", field: "v" }, range: "height" }],
      axes: [{ orient: "bottom", scale: "x" }, { orient: "left", scale: "y", grid: true }],
      marks: [{ type: "line", from: { data: "d" }, encode: { enter: { x: { scale: "x", field: "t" }, y: { scale: "y", field: "v" }, stroke: { value: "var(--c)" } } } }] }),
      { renderer: "none" }); svg = await view.toSVG(); view.finalize();`,
  },
  {
    packages: ["vega@6.4.0", "vega-lite@6.5.0"],
    load: 'const vega = await import("vega"); const lite = await import("vega-lite");',
    draw: `const view = new vega.View(vega.parse(lite.compile({ width: 420, height: 230, data: { values: rows },
      mark: { type: "line", stroke: "var(--c)" }, encoding: { x: { field: "t", type: "temporal" }, y: { field: "v", type: "quantitative" } } }).spec),
      { renderer: "none" }); svg = await view.toSVG(); view.finalize();`,
  },
  {
    packages: ["@observablehq/plot@0.6.17", "linkedom@0.18.15"],
    load: 'const Plot = await import("@observablehq/plot"); const { document } = (await import("linkedom")).parseHTML("<html></html>");',
    draw: 'svg = Plot.plot({ document, width: 420, height: 230, y: { grid: true }, marks: [Plot.lineY(rows, { x: "t", y: "v", stroke: "var(--c)" })] }).outerHTML;',
  },
  {
    packages: ["echarts@6.1.0"],
    load: 'const echarts = await import("echarts");',
    draw: `const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 420, height: 230 });
      chart.setOption({ animation: false, xAxis: { type: "time" }, yAxis: { type: "value" },
      series: [{ type: "line", showSymbol: false, lineStyle: { color: "var(--c)" }, data: rows.map(({ t, v }) => [t, v]) }] });
      svg = chart.renderToSVGString(); chart.dispose();`,
  },
];

process.stdout.write(
  "| packages | installed, MB | packages | load, ms | first picture, ms | later, median ms | SVG, kB |\n|---|---|---|---|---|---|---|\n",
);
for (const { packages, load, draw } of LIBRARIES) {
  const folder = join(tmpdir(), "candlecast-chart-libraries", packages.join("+").replaceAll(/[^a-z0-9+.-]/g, "-"));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  if (!existsSync(join(folder, "node_modules")))
    execFileSync("npm", ["install", "--silent", ...packages], { cwd: folder, stdio: ["ignore", 2, 2] });
  writeFileSync(
    join(folder, "draw.mjs"),
    `const rows = Array.from({ length: 1500 }, (_, i) => ({ t: Date.UTC(2017, 0, 1) + i * 864e5, v: Math.sin(i / 100) + Math.sin(i * 13) / 5 }));
     let at = performance.now(); ${load} const loaded = performance.now() - at; const times = []; let svg = "";
     for (let i = 0; i < ${RENDERS}; i++) { at = performance.now(); ${draw} times.push(performance.now() - at); }
     console.log(JSON.stringify({ loaded, first: times[0], later: times.slice(1).sort((a, b) => a - b)[${(RENDERS - 2) >> 1}], bytes: svg.length }));`,
  );
  const { loaded, first, later, bytes } = JSON.parse(execFileSync(NODE, ["draw.mjs"], { cwd: folder, encoding: "utf8" }));
  const { size, count } = measureFolder(join(folder, "node_modules"));
  const cells = [
    packages.join(", "),
    (size / 1e6).toFixed(0),
    count,
    loaded.toFixed(0),
    first.toFixed(0),
    later.toFixed(1),
    (bytes / 1e3).toFixed(0),
  ];
  process.stdout.write(`| ${cells.join(" | ")} |\n`);
}

/** Bytes of all files, and how many packages they are. */
function measureFolder(folder) {
  let size = 0;
  let count = 0;
  for (const name of readdirSync(folder, { recursive: true })) {
    const entry = lstatSync(join(folder, name));
    if (entry.isFile()) size += entry.size;
    if (/(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(`node_modules/${name}`)) count++;
  }
  return { size, count };
}
