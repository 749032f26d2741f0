import { Counter, Gauge, Histogram, Registry } from "@prometheus-io/client";
import type { Manifest } from "../core/manifests/manifest.ts";
import { hasLeftUniverse } from "../core/manifests/staleness.ts";
import type { LiveSkill } from "../core/scoring/live-skill.ts";
import type { Label } from "../core/serving/served-answers.ts";
import type { WithholdingReason } from "../core/serving/withholding.ts";
import { intervalMs } from "../core/vocabulary/interval.ts";
import { METRICS, type MetricSpec } from "./metrics-catalog.ts";

/** What the API serves; read at each scrape. */
export interface ServedState {
  /** null if there is none */
  manifest(): Manifest | null;
  /** What is broken: the store, the newest manifest, or files of a coin. */
  faults(): readonly { readonly kind: string; readonly symbol: string | null }[];
  /** How what was served of each coin came out. */
  liveSkill?(): ReadonlyMap<string, readonly LiveSkill[]>;
}

export interface ApiMetrics {
  request(method: string, route: string, status: number, seconds: number): void;
  prediction(symbol: string, label: Label, withheldFor: WithholdingReason | null): void;
  /** Prometheus' text format. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const METHODS: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export function createApiMetrics({ manifest, faults, liveSkill = () => new Map() }: ServedState): ApiMetrics {
  const registry = new Registry();
  const options = ({ name, help, labels }: MetricSpec) => ({ name, help, labelNames: [...labels], registers: [registry] });
  const requests = new Histogram({ ...options(METRICS.requestDuration), buckets: [...METRICS.requestDuration.buckets] });
  const predictions = new Counter(options(METRICS.predictions));
  const withheld = new Counter(options(METRICS.withheld));
  /** A gauge that is read at each scrape; series of earlier scrapes are dropped. */
  const observe = (spec: MetricSpec, read: (set: (value: number | null, labels?: Record<string, string>) => void) => void) =>
    new Gauge({
      ...options(spec),
      collect() {
        this.reset();
        if (spec.labels.length === 0) this.remove();
        read((value, labels = {}) => value !== null && this.set(labels, value));
      },
    });
  const entries = () => Object.values(manifest()?.symbols ?? {});
  /** A coin that has left the universe gets no new candles, which must not raise an alarm. */
  const kept = () => entries().filter((entry) => !hasLeftUniverse(entry));
  const models = () => entries().flatMap((entry) => entry.models.map((model) => ({ symbol: entry.symbol, ...model })));

  observe(METRICS.manifestLoaded, (set) => set(manifest() ? 1 : 0));
  observe(METRICS.manifestProblem, (set) => set(faults().some(({ symbol }) => symbol === null) ? 1 : 0));
  observe(METRICS.brokenFiles, (set) => {
    for (const { kind, symbol } of faults()) if (symbol !== null) set(1, { kind, symbol });
  });
  observe(METRICS.manifestCreated, (set) => set(seconds(manifest()?.createdAt)));
  observe(METRICS.manifestAsOf, (set) => set(seconds(manifest()?.asOf)));
  observe(METRICS.candleInterval, (set) => {
    const { interval } = manifest() ?? {};
    if (interval) for (const { symbol } of entries()) set(intervalMs(interval) / 1000, { symbol });
  });
  observe(METRICS.newestCandle, (set) => {
    const { interval } = manifest() ?? {};
    if (!interval) return;
    for (const { symbol, candles } of kept()) set((Date.parse(candles.lastOpenTime) + intervalMs(interval)) / 1000, { symbol });
  });
  observe(METRICS.symbolStale, (set) => {
    for (const { symbol, status } of kept()) set(status === "stale" ? 1 : 0, { symbol });
  });
  observe(METRICS.skill, (set) => {
    for (const { symbol, name, scope, skill } of models()) set(skill.value, { symbol, model: name, scope });
  });
  observe(METRICS.skillLower, (set) => {
    for (const { symbol, name, scope, skill } of models()) set(skill.lower, { symbol, model: name, scope });
  });
  observe(METRICS.role, (set) => {
    for (const { symbol, name, scope, role } of models()) set(1, { symbol, model: name, scope, role });
  });

  const live = () => [...liveSkill()].flatMap(([symbol, skills]) => skills.map((skill) => ({ symbol, ...skill })));
  observe(METRICS.liveForecasts, (set) => {
    for (const { symbol, task, n } of live()) set(n, { symbol, task });
  });
  observe(METRICS.liveSkill, (set) => {
    for (const { symbol, task, skill } of live()) set(skill, { symbol, task });
  });
  observe(METRICS.liveCoverage, (set) => {
    for (const { symbol, coverage } of live()) set(coverage, { symbol });
  });

  return {
    request: (method, route, status, duration) =>
      requests.observe({ method: METHODS.includes(method) ? method : "other", route, status: String(status) }, duration),
    prediction(symbol, label, withheldFor) {
      predictions.inc({ symbol, label });
      if (withheldFor) withheld.inc({ symbol, reason: withheldFor });
    },
    scrape: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function seconds(time: string | undefined): number | null {
  return time === undefined ? null : Date.parse(time) / 1000;
}
