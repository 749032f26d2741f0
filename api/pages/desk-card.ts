import { html } from "hono/html";
import type { RunControl, RunDesk, RunField, RunKind } from "../run-desk.ts";

type Html = ReturnType<typeof html>;

const KINDS: Readonly<Record<RunKind, { readonly title: string; readonly words: string }>> = {
  pipeline: {
    title: "Start a pipeline run",
    words:
      "Fetches candles, trains models and publishes what they predict: it is served at once. Empty fields come from the worker’s settings.",
  },
  backfill: {
    title: "Start a backfill",
    words: "Fetches candles that are missing, stale or failed before. It trains nothing: the next pipeline run learns from them.",
  },
};

/** Runs in Temporal, and the forms that start one. `runs.mjs` fills it in; nothing in it needs a token by itself. */
export function deskCard(forms: RunDesk["forms"] | null): Html {
  if (!forms)
    return html`<section class="card" id="desk">
      <h2>Runs under way, failed and done</h2>
      <p>This service does not show or start runs. It does, for whoever has its token, where two settings are there: <code>API_TOKEN</code>, and <code>TEMPORAL_ADDRESS</code> or a Temporal profile.</p>
    </section>`;
  return html`<section class="card" id="desk" data-keep data-runs="./pipeline/runs">
    <h2>Runs under way, failed and done</h2>
    <noscript><p>Runs are shown and started by a script, which this browser does not run.</p></noscript>
    <form id="token-form" class="tools" autocomplete="off">
      <label>Token <input type="password" id="token" autocomplete="off" spellcheck="false" required aria-describedby="token-help desk-state" /></label>
      <button class="action" type="submit">Show runs</button>
      <button class="action" type="button" id="forget" hidden>Forget the token</button>
    </form>
    <p class="muted small" id="token-help">The service’s token (<code>API_TOKEN</code>). It stays in this tab, until the tab is closed.</p>
    <p id="desk-state" role="status"></p>
    <div class="scroll" id="run-list" role="region" aria-label="Runs" tabindex="0" hidden>
      <table>
        <thead><tr><th class="text" scope="col">started</th><th class="text" scope="col">run</th><th class="text" scope="col">status</th><th class="text" scope="col">how far, what came of it, or why not</th></tr></thead>
        <tbody></tbody>
      </table>
    </div>
    <div class="grid" id="run-forms" hidden>${Object.entries(forms).map(([kind, fields]) => form(kind as RunKind, fields))}</div>
  </section>`;
}

function form(kind: RunKind, fields: readonly RunField[]): Html {
  const { title, words } = KINDS[kind];
  return html`<form class="card" data-kind="${kind}" aria-labelledby="${kind}-title" autocomplete="off" novalidate>
    <h3 id="${kind}-title">${title}</h3>
    <p class="muted small">${words}</p>
    <div class="fields">${fields.map((field) => labelled(`${kind}-${field.name}`, field))}</div>
    <button class="action" type="submit">${title}</button>
    <p class="outcome" data-outcome role="status"></p>
  </form>`;
}

function labelled(id: string, { name, words, control }: RunField): Html {
  return html`<div>
    <label for="${id}">${label(name)}</label>
    ${input(id, name, control)}
    <p class="muted small" id="${id}-help">${words}</p>
    <p class="wrong" id="${id}-wrong" data-wrong="${name}"></p>
  </div>`;
}

function input(id: string, name: string, control: RunControl): Html {
  const described = `${id}-help ${id}-wrong`;
  switch (control.type) {
    case "choice":
      return html`<select id="${id}" name="${name}" data-type="text" aria-describedby="${described}"><option value="">as set</option>${control.choices.map((choice) => html`<option>${choice}</option>`)}</select>`;
    case "count":
      return html`<input id="${id}" name="${name}" data-type="number" type="number" min="1" max="${control.most}" step="1" data-wanted="a whole number from 1 to ${control.most}" aria-describedby="${described}" />`;
    case "time":
      return html`<input id="${id}" name="${name}" data-type="text" pattern="${control.pattern}" data-wanted="${control.wanted}" spellcheck="false" aria-describedby="${described}" />`;
    default:
      return html`<input id="${id}" name="${name}" data-type="${control.type}" spellcheck="false" aria-describedby="${described}" />`;
  }
}

/** `staleBefore` as `stale before`. */
function label(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
