import { AsyncLocalStorage } from "node:async_hooks";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { createContext, runInContext, runInNewContext, Script } from "node:vm";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";

/**
 * What a schema library costs in the workflows' bundle: `node bench/study/workflow-inputs/run.ts`. A worker loads the bundle's
 * modules once for each run that it keeps in its cache, so both figures count for each run.
 */
const RUNS = 200;
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

type Modules = Map<PropertyKey, unknown>;

/** Loads the workflows as a worker does: one context, with the modules of each run in a cache of their own. */
function loader(code: string): () => Modules {
  let modules: Modules = new Map();
  const cache = new Proxy({}, { get: (_, id) => modules.get(id), set: (_, id, module) => Boolean(modules.set(id, module)) });
  const globals = { AsyncLocalStorage, TextEncoder, TextDecoder, URL, URLSearchParams, AbortController, console, setTimeout, clearTimeout };
  const context = createContext({ ...globals, __webpack_module_cache__: cache, __TEMPORAL_ACTIVATOR__: undefined });
  runInContext(code, context);
  const load = new Script("__TEMPORAL__.importWorkflows()");
  return () => {
    modules = new Map();
    load.runInContext(context);
    return modules;
  };
}

console.log("| workflows | bundle, kB | heap a run, kB | loading a run, ms |\n|---|---|---|---|");
for (const [name, file] of [
  ["as they are", "../../../workflows/index.ts"],
  ["with zod/mini", "./with-zod-mini.ts"],
  ["with zod", "./with-zod.ts"],
]) {
  const workflowsPath = fileURLToPath(new URL(file, import.meta.url));
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger("ERROR") });
  const bare = code.replace(/\/\/# sourceMappingURL=.*/, "");
  const load = loader(bare);
  const kept = [load(), load()];
  collect();
  const before = process.memoryUsage().heapUsed;
  const began = performance.now();
  for (let i = 0; i < RUNS; i++) kept.push(load());
  const ms = (performance.now() - began) / RUNS;
  collect();
  const heap = (process.memoryUsage().heapUsed - before) / RUNS;
  console.log(`| ${name} | ${(bare.length / 1e3).toFixed(0)} | ${(heap / 1e3).toFixed(0)} | ${ms.toFixed(2)} |`);
  if (kept.length !== RUNS + 2) throw new Error("runs were not kept");
}
