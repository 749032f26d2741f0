import { runPage } from "../../core/vocabulary/run-page.ts";

export interface Links {
  readonly api: string | null;
  readonly docs: string | null;
  readonly temporalUi: string | null;
}

export function linksOf({ apiUrl, uiUrl }: { apiUrl: string | null; uiUrl: string | null }): Links {
  return { api: apiUrl, docs: apiUrl && `${apiUrl}/docs`, temporalUi: uiUrl };
}

export function linkLines({ api, docs, temporalUi }: Links): string[] {
  return [
    `API               ${api ?? "not ready yet"}`,
    `API reference     ${docs ?? "not ready yet"}`,
    `Temporal Web UI   ${temporalUi ?? "see your Temporal server"}`,
  ];
}

/** A run's page in the Web UI, or its id if the Web UI's address isn't known. */
export function runLink(
  { uiUrl, namespace }: { readonly uiUrl: string | null; readonly namespace: string },
  workflowId: string,
  runId: string | null = null,
): string {
  return runPage(uiUrl, { namespace, workflowId, runId }) ?? workflowId;
}
