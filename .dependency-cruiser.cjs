/**
 * What each room may import, and which package stands behind which file. scripts/check-dependencies.mjs applies this to
 * two graphs: the source graph, with imports of types, and the runtime graph, without. Rules whose name begins with
 * `runtime-` hold for the second only; that one also shows what is reached through others.
 */
const { builtinModules } = require("node:module");

const ANY_ROOM = "^(core|settings|storage|sources|activities|operations|workflows|telemetry|api|dev|cli|bench|test|scripts)/|^[^/]+\\.ts$";
/** Composition roots build dependencies and may import anything. */
const ROOTS = "^api/server\\.ts$";

/** Patterns of local files, by the room that imports them. What isn't named (composition roots, tests) may import anything. */
const ROOMS = {
  core: ["^core/"],
  storage: ["^storage/", "^core/"],
  sources: ["^sources/", "^core/"],
  settings: ["^settings/", "^core/"],
  // What commands do beside runs.
  operations: ["^operations/", "^core/", "^storage/", "^sources/"],
  activities: ["^activities/", "^core/", "^settings/", "^storage/", "^sources/"],
  // Activities as types only: the runtime graph has a rule of its own.
  workflows: ["^workflows/", "^core/", "^activities/"],
  // Stores and sources, which it wraps; the composition roots hand it to the other rooms.
  telemetry: ["^telemetry/", "^core/", "^settings/", "^(storage|sources)/"],
  // Starts worker and API as processes, by the names of their files; knows nothing of the commands that use it.
  dev: ["^dev/", "^core/", "^settings/", "^telemetry/", "^workflows/contract\\.ts$"],
  // What is bundled for browsers: the core, and the readers of files behind which the packages for their formats stand.
  "api/browser": ["^api/browser/", "^core/", "^storage/layout\\.ts$", "^storage/feature-files/feature-files\\.ts$", "^storage/candle-files/candle-file\\.ts$"],
  // The reader's side of the store; what counts and traces as types and pure functions.
  api: ["^telemetry/(api-metrics|trace-context|tracing)\\.ts$", "^api/", "^core/", "^storage/(layout|registry/(reader|chain))\\.ts$", "^storage/object-store/(object-store|open-store|immutable)\\.ts$", "^storage/(feature|evaluation|candle|prediction)-files/", "^storage/backfill-files/survey-candles\\.ts$"],
};

/** Where a package may be imported from, besides tests and benchmarks. */
const PACKAGES = {
  "@aws-sdk/client-s3": "^storage/object-store/s3-store\\.ts$",
  "@hono/node-server": "^api/server\\.ts$",
  "@hono/zod-openapi": "^api/",
  "@opentelemetry/api": "^telemetry/tracing\\.ts$",
  "@opentelemetry/context-async-hooks": "^telemetry/tracing\\.ts$",
  "@opentelemetry/exporter-trace-otlp-proto": "^telemetry/tracing\\.ts$",
  "@opentelemetry/resources": "^telemetry/tracing\\.ts$",
  "@opentelemetry/sdk-trace": "^telemetry/tracing\\.ts$",
  "@prometheus-io/client": "^telemetry/api-metrics\\.ts$",
  "@temporalio/activity": "^(activities|telemetry)/",
  "@temporalio/client": "^(cli|dev|telemetry)/",
  "@temporalio/common": "^(activities|workflows|telemetry|cli)/",
  "@temporalio/envconfig": "^settings/temporal-server\\.ts$",
  "@temporalio/proto": "^(cli|dev|telemetry)/",
  "@temporalio/testing": "^dev/temporal/official-download-main\\.ts$",
  "@temporalio/worker": "^(worker\\.ts|telemetry/.*|cli/runs/replay-run\\.ts|cli/worker/.*|scripts/.*)$",
  "@temporalio/workflow": "^(workflows/|telemetry/workflow-interceptors\\.ts$)",
  "apache-arrow": "^(storage/(feature|candle)-files|api)/",
  "csv-parse": "^sources/files/csv-rows\\.ts$",
  commander: "^cli/program\\.ts$",
  "dependency-cruiser": "^scripts/check-dependencies\\.mjs$",
  esbuild: "^scripts/bundle-checker\\.mjs$",
  hono: "^api/",
  hyparquet: "^storage/parquet/",
  "hyparquet-compressors": "^storage/parquet/",
  "hyparquet-writer": "^storage/parquet/",
  "ml-cart": "^core/models/surrogate-tree\\.ts$",
  "lightweight-charts": "^api/pages/assets\\.ts$",
  piscina: "^activities/train/fit-pool\\.ts$",
  "rate-limiter-flexible": "^api/http/limit-rate\\.ts$",
  "swagger-ui-dist": "^api/routes/docs\\.ts$",
  vega: "^api/charts/",
  yauzl: "^sources/files/zip-entry\\.ts$",
  vitest: "^vitest\\.config\\.ts$",
  zod: "^core/(vocabulary|manifests|models|reports|scoring|serving)/|^api/|^cli/smoke/(answers|read-json)\\.ts$",
};

const packagePath = (name) => `node_modules/${name.replaceAll(".", "\\.")}/`;
const TESTS = "^(test|bench)/";
const BUILTINS = builtinModules.filter((name) => !name.startsWith("_"));
const builtins = (names) => `^(node:)?(${names.join("|")})(/|$)`;

module.exports = {
  forbidden: [
    ...Object.entries(ROOMS).map(([room, allowed]) => ({
      name: `room-${room}`,
      comment: `${room}/ imports what its place in the table of rooms allows`,
      severity: "error",
      from: { path: `^${room}/`, pathNot: ROOTS },
      to: { path: ANY_ROOM, pathNot: allowed },
    })),
    {
      name: "tests-stay-tests",
      comment: "nothing that runs for users imports tests or benchmarks",
      severity: "error",
      from: { path: ANY_ROOM, pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: "examples-stand-alone",
      comment: "examples are programs of others: they are copied away, with packages of their own",
      severity: "error",
      from: {},
      to: { path: "^examples/" },
    },
    {
      name: "browser-code-stays-there",
      comment: "it is bundled, and not run by the service",
      severity: "error",
      from: { path: ANY_ROOM, pathNot: ["^api/browser/", "^scripts/(bundle-checker|check-prediction)\\.mjs$", TESTS] },
      to: { path: "^api/browser/" },
    },
    {
      name: "core-is-pure",
      comment: "core/ does no I/O; hashing is a computation",
      severity: "error",
      from: { path: "^core/" },
      to: { path: builtins(BUILTINS.filter((name) => name !== "crypto")) },
    },
    {
      name: "workflows-use-no-builtins",
      comment: "a workflow's sandbox has no Node in it",
      severity: "error",
      from: { path: "^workflows/" },
      to: { path: builtins(BUILTINS) },
    },
    ...Object.entries(PACKAGES).map(([name, allowed]) => ({
      name: `package-${name}`,
      comment: `${name} stands behind one place`,
      severity: "error",
      from: { pathNot: [allowed, TESTS] },
      to: { path: packagePath(name) },
    })),
    {
      name: "package-without-a-place",
      comment: "a package is named in the table of packages before it is imported",
      severity: "error",
      from: { pathNot: TESTS },
      to: { path: "node_modules/", pathNot: [...Object.keys(PACKAGES).map(packagePath), "node_modules/@types/"] },
    },
    {
      name: "resolvable",
      comment: "an import that leads nowhere hides what is behind it",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-cycles",
      comment: "modules that need each other, even if only for types, are one module",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "runtime-workflows-import-no-activity",
      comment: "workflows know activities only as types",
      severity: "error",
      from: { path: "^workflows/" },
      to: { path: "^activities/" },
    },
    {
      name: "runtime-workflows-reach-no-io",
      comment: "not even through files that look harmless; Temporal's bundler would include it without a warning",
      severity: "error",
      from: { path: "^(workflows/|telemetry/workflow-interceptors\\.ts$)" },
      to: { reachable: true, path: ["^(storage|sources|settings|activities|operations|api|dev|cli)/", builtins(BUILTINS), `node_modules/(?!@temporalio/(workflow|common)/)`] },
    },
    {
      name: "runtime-browser-reaches-no-io",
      comment: "a browser has none of it, and the bundle should stay small",
      severity: "error",
      from: { path: "^api/browser/" },
      to: { reachable: true, path: ["^storage/(object-store|registry)/", "^(sources|settings|activities|operations|workflows|telemetry|dev|cli)/", "^api/(?!browser/)", builtins(BUILTINS.filter((name) => name !== "crypto"))] },
    },
    {
      name: "runtime-core-reaches-no-io",
      comment: "values in, values out",
      severity: "error",
      from: { path: "^core/" },
      to: { reachable: true, path: ["^(storage|sources|settings|activities|operations|workflows|telemetry|api|dev|cli)/", builtins(BUILTINS.filter((name) => name !== "crypto"))] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(fixtures|histories)/" },
    tsPreCompilationDeps: false,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "require", "types"] },
  },
};
