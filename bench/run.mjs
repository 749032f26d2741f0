// What `npm run bench` runs: candlecast's learners beside scikit-learn and LightGBM, same data, same settings, one thread.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { getBenchPython } from "../scripts/bench-venv.mjs";
import { NODE, ROOT } from "../scripts/install.mjs";
import { BENCH_BOOSTING, BENCH_FOREST } from "./learner-settings.ts";
import { makeRegressionData, writeRegressionData } from "./regression-data.ts";

const TEST_ROWS = 4_000;
const FEATURES = 47;
const CASES = [
  { learner: "boosting", train: 4_000, settings: BENCH_BOOSTING },
  { learner: "boosting", train: 80_000, settings: BENCH_BOOSTING },
  { learner: "forest", train: 4_000, settings: BENCH_FOREST },
];
const ONE_THREAD = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

const python = getBenchPython();
const versions =
  "import sys, sklearn, lightgbm, numpy; print(f'Python {sys.version.split()[0]}, scikit-learn {sklearn.__version__}, LightGBM {lightgbm.__version__}, numpy {numpy.__version__}')";
process.stdout.write(
  `${cpus().length} × ${cpus()[0].model}; Node ${process.version}; ${execFileSync(python, ["-c", versions]).toString().trim()}\n`,
);
process.stdout.write("CPU times are of all threads of the process: a runtime's own compiler and collector count too.\n\n");
process.stdout.write(
  "| learner | rows × features | who | fit, CPU ms | fit, wall ms | × candlecast's CPU | hold-out RMSE | predict 1,000 rows, CPU ms |\n|---|---|---|---|---|---|---|---|\n",
);

for (const { learner, train, settings } of CASES) {
  const folder = mkdtempSync(join(tmpdir(), "candlecast-bench-"));
  try {
    writeRegressionData(folder, makeRegressionData({ train, test: TEST_ROWS, features: FEATURES }));
    const ours = measurements(NODE, ["bench/learners.ts", folder, learner]);
    const peers = measurements(python, ["bench/peers/learners.py", folder, learner, JSON.stringify(settings)]);
    const all = [...ours, ...peers];
    const fits = all.filter(({ task }) => task === "fit");
    for (const { who, cpuMs, wallMs, error } of fits) {
      const batch = all.find((other) => other.task === "predict" && other.who === who);
      const cells = [
        learner,
        `${train} × ${FEATURES}`,
        who,
        cpuMs.toFixed(0),
        wallMs.toFixed(0),
        (cpuMs / fits[0].cpuMs).toFixed(2),
        error.toFixed(3),
        batch?.cpuMs.toFixed(2) ?? "",
      ];
      process.stdout.write(`| ${cells.join(" | ")} |\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measurements(program, args) {
  const output = execFileSync(program, args, { cwd: ROOT, env: { ...process.env, ...ONE_THREAD }, maxBuffer: 1 << 24 }).toString();
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
