import type { CandleSource } from "../sources/candle-source.ts";
import { outcomeOf } from "./outcome.ts";
import type { Tracing } from "./tracing.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

/** The same sources, with each request counted by outcome and traced in a span. A span names what was requested, never the URL. */
export function observeSources(
  sources: Readonly<Record<string, CandleSource>>,
  { metrics, tracing }: { metrics: WorkerMetrics; tracing: Tracing | null },
): Readonly<Record<string, CandleSource>> {
  return Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, observe(source)]));

  function observe(source: CandleSource): CandleSource {
    metrics.expectSource(source.name);
    const counted = async <T>(ask: () => Promise<T>): Promise<T> => {
      try {
        const answer = await ask();
        metrics.sourceRequest(source.name, "ok");
        return answer;
      } catch (error) {
        metrics.sourceRequest(source.name, outcomeOf(error));
        throw error;
      }
    };
    const request = async <T>(
      attributes: Readonly<Record<string, string | number>>,
      ask: () => Promise<T>,
      rows: (answer: T) => number,
    ) => {
      if (!tracing) return counted(ask);
      const options = { kind: "CLIENT", attributes: { source: source.name, ...attributes } } as const;
      return tracing.span(`${source.name} request`, options, async (span) => {
        const answer = await counted(ask);
        span.setAttribute("rows", rows(answer));
        return answer;
      });
    };
    const { rankCoins } = source;
    return {
      ...source,
      fetchPage(asked, options) {
        const { symbol, interval, range } = asked;
        const attributes = { symbol, interval, from: isoTime(range.from), to: isoTime(range.to) };
        return request(
          attributes,
          () => source.fetchPage(asked, options),
          ({ rows }) => rows.length,
        );
      },
      ...(rankCoins && {
        rankCoins: (asked, options) =>
          request(
            { ranking_page: asked.page },
            () => rankCoins(asked, options),
            ({ coins }) => coins.length,
          ),
      }),
    };
  }
}

function isoTime(ms: number): string {
  return ms === 0 ? "listing" : new Date(ms).toISOString();
}
