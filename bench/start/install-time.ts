import type { SeenProcess } from "../process-tree.ts";

/** How long npm was seen to install; null where it was not. */
export function installMs(processes: readonly SeenProcess[]): number | null {
  const installing = processes.filter(({ command }) => /\bnpm\b\S* (ci|install)\b/.test(command));
  if (installing.length === 0) return null;
  return Math.max(...installing.map(({ lastMs }) => lastMs)) - Math.min(...installing.map(({ firstMs }) => firstMs));
}
