/** A run as Temporal names it. */
export interface RunName {
  readonly namespace: string;
  readonly workflowId: string;
  /** null: the newest run of this id */
  readonly runId: string | null;
}

/**
 * Address of a run's page in the Temporal Web UI.
 *
 * @param ui the Web UI's address, or a template that names {namespace}, {workflowId} and {runId}; null: unknown
 * @returns null where the Web UI's address is unknown
 */
export function runPage(ui: string | null, { namespace, workflowId, runId }: RunName): string | null {
  if (ui === null) return null;
  const template = ui.includes("{workflowId}")
    ? ui
    : `${ui.replace(/\/+$/, "")}/namespaces/{namespace}/workflows/{workflowId}${runId === null ? "" : "/{runId}"}`;
  const values: Record<string, string> = { namespace, workflowId, runId: runId ?? "" };
  return template.replace(/\{(namespace|workflowId|runId)\}/g, (_, name: string) => encodeURIComponent(values[name]));
}
