import type { CandleSource } from "../sources/candle-source.ts";
import { outcomeOf } from "./outcome.ts";
import type { Tracing } from "./tracing.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

/** The same sources, each request counted by its outcome and in a span. The span names what was asked for, never the address. */
export function observeSources(
  sources: Readonly<Record<string, CandleSource>>,
  { metrics, tracing }: { metrics: WorkerMetrics; tracing: Tracing | null },
): Readonly<Record<string, CandleSource>> {
  return Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, observe(source)]));

  function observe(source: CandleSource): CandleSource {
    metrics.expectSource(source.name);
    return {
      ...source,
      async fetchPage(request, options) {
        const { symbol, interval, range } = request;
        const ask = async () => {
          try {
            const page = await source.fetchPage(request, options);
            metrics.sourceRequest(source.name, "ok");
            return page;
          } catch (error) {
            metrics.sourceRequest(source.name, outcomeOf(error));
            throw error;
          }
        };
        if (!tracing) return ask();
        const attributes = { source: source.name, symbol, interval, from: isoTime(range.from), to: isoTime(range.to) };
        return tracing.span(`${source.name} request`, { kind: "CLIENT", attributes }, async (span) => {
          const page = await ask();
          span.setAttribute("rows", page.rows.length);
          return page;
        });
      },
    };
  }
}

function isoTime(ms: number): string {
  return ms === 0 ? "listing" : new Date(ms).toISOString();
}
