import type { Edition } from "./answers/edition.ts";
import { warm } from "./http/prepared.ts";
import { homeAnswer } from "./routes/home.ts";
import { modelsAnswer } from "./routes/models.ts";
import { symbolListAnswer } from "./routes/symbol-list.ts";

/** Makes the large answers that many ask for before anyone does. */
export function warmAnswers(edition: Edition): void {
  for (const answer of [homeAnswer(edition), symbolListAnswer(edition), modelsAnswer(edition)]) if (answer) warm(answer);
}
