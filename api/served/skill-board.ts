import { type LiveSkill, SERVED } from "../../core/scoring/live-skill.ts";
import type { HistoryReader } from "./coin-history.ts";
import { isLasting } from "./lasting.ts";
import type { LiveRegistry } from "./live-registry.ts";

export interface SkillBoard {
  /** How what was served came out, by coin, as far as it has been read. */
  current(): ReadonlyMap<string, readonly LiveSkill[]>;
  /** Reads all coins again; ends when it is done. */
  refresh(): Promise<void>;
  close(): void;
}

/** A run scores forecasts after it has published, so what came out is looked up later, too. */
const REFRESH_MS = 600_000;

/** Keeps each coin's live skill for what is asked every few seconds: it is in files of their own, one and more for each coin. */
export function createSkillBoard(
  registry: Pick<LiveRegistry, "current" | "subscribe">,
  history: Pick<HistoryReader, "skill">,
  { onError = () => {}, refreshMs = REFRESH_MS }: { readonly onError?: (error: Error) => void; readonly refreshMs?: number } = {},
): SkillBoard {
  let skills: ReadonlyMap<string, readonly LiveSkill[]> = new Map();
  let underWay: Promise<void> | null = null;

  async function read(): Promise<void> {
    const found = new Map<string, readonly LiveSkill[]>();
    for (const [symbol, loaded] of registry.current()?.symbols ?? []) {
      try {
        found.set(
          symbol,
          (await history.skill(loaded)).filter(({ model }) => model === SERVED),
        );
      } catch (error) {
        // One coin's broken file hides only that coin's; a store that fails hides nothing that is known.
        if (!isLasting(error)) throw error;
        onError(error);
      }
    }
    skills = found;
  }

  const refresh = () => {
    underWay ??= read()
      .catch((error: unknown) => onError(error instanceof Error ? error : new Error(String(error))))
      .finally(() => {
        underWay = null;
      });
    return underWay;
  };
  const unsubscribe = registry.subscribe(() => void refresh());
  const timer = refreshMs > 0 ? setInterval(() => void refresh(), refreshMs).unref() : null;
  return {
    current: () => skills,
    refresh,
    close() {
      unsubscribe();
      if (timer) clearInterval(timer);
    },
  };
}
