import type { FileShape, VolumeUnit } from "./detect-shape.ts";

/** A day's turnover in dollars that no coin has come near: volumes of that size are dollars already. */
const MOST_DAILY_TURNOVER = 1e12;
/** A coin's daily turnover in shares of its market cap that hardly occurs. */
const MOST_OF_MARKET_CAP = 20;
const SAMPLES = 2_000;
const DAY_MS = 86_400_000;

/** What speaks for the unit of a file's volumes, collected from its rows. */
export interface VolumeEvidence {
  add(row: { readonly volume: number; readonly close: number; readonly marketCap: number | null }): void;
  /**
   * @param asked what the user says
   * @returns the unit, or an error's reason where it has to be asked, or what is asked for can't be
   */
  decide(shape: FileShape, asked: VolumeUnit | null, stepMs: number): VolumeUnit | { readonly reason: string };
}

/**
 * The publisher's marks decide. Without any, a column `volume` counts coins, as exchanges publish it, unless its numbers can't be coins:
 * then it is asked for. What the user says is checked by the same numbers.
 */
export function volumeEvidence(): VolumeEvidence {
  const turnovers: number[] = [];
  const shares: number[] = [];
  return {
    add({ volume, close, marketCap }) {
      if (!(volume > 0 && close > 0) || turnovers.length >= SAMPLES) return;
      turnovers.push(volume * close);
      if (marketCap !== null && marketCap > 0) shares.push((volume * close) / marketCap);
    },
    decide({ volumeUnit, columns }, asked, stepMs) {
      if (columns.volume === undefined) return "base";
      if (volumeUnit !== null && asked !== null && asked !== volumeUnit)
        return { reason: `--volume ${asked} is asked for, but the columns say that its volumes are in ${words(volumeUnit)}` };
      if (volumeUnit !== null) return volumeUnit;
      const perDay = median(turnovers) * (DAY_MS / stepMs);
      const share = median(shares) * (DAY_MS / stepMs);
      const reason =
        perDay > MOST_DAILY_TURNOVER
          ? `a volume of coins would be a turnover of ${perDay.toExponential(1)} dollars a day`
          : share > MOST_OF_MARKET_CAP
            ? `a volume of coins would be a turnover of ${share.toFixed(0)} market caps a day`
            : null;
      if (asked === "quote" || reason === null) return asked ?? "base";
      return {
        reason: asked === "base" ? `--volume base is asked for, but ${reason}` : `${reason}; say by --volume quote that it is in dollars`,
      };
    },
  };
}

function words(unit: VolumeUnit): string {
  return unit === "base" ? "coins (base)" : "dollars (quote)";
}

/** NaN without values. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
