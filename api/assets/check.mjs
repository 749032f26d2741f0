// Lets the browser make a prediction again, and shows what was compared. What checks is only fetched when it is asked for.
const MARKS = { equal: ["✓", "equal"], differs: ["✗", "differs"], unchecked: ["–", "not checked"] };

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** One row a comparison; below it, where values differ, both of them. */
function table(steps) {
  const rows = steps.map(({ name, outcome, what, differences, note }) => {
    const row = element("tr", "", { "data-outcome": outcome });
    const [mark, words] = MARKS[outcome];
    const result = element("td", "", { class: "text" });
    result.append(
      element("span", `${mark} ${words}`, { class: `tag ${outcome === "equal" ? "good" : outcome === "differs" ? "warn" : ""}` }),
    );
    const details = element("td", what, { class: "text small" });
    if (note) details.append(element("p", note));
    for (const { of, expected, found } of differences.slice(0, 10)) {
      const both = element("p", `${of}: `);
      both.append("expected ", element("code", expected), ", found ", element("code", found));
      details.append(both);
    }
    row.append(element("th", name, { class: "text", scope: "row" }), result, details);
    return row;
  });
  const made = element("table", "");
  const head = element("tr", "");
  for (const title of ["step", "result", "what was compared"]) head.append(element("th", title, { class: "text", scope: "col" }));
  const [top, body] = [element("thead", ""), element("tbody", "")];
  top.append(head);
  body.append(...rows);
  made.append(top, body);
  return made;
}

async function check(button) {
  const [said, place] = [document.querySelector("#check-said"), document.querySelector("#check-steps")];
  const { symbol, root, checker } = button.dataset;
  const show = (steps) => {
    place.hidden = false;
    place.replaceChildren(table(steps));
  };
  button.disabled = true;
  said.textContent = "Checking …";
  try {
    const { checkSymbol } = await import(new URL(checker, location.href).href);
    const source = { symbol, root: new URL(root, location.href).href, fetch: (url, options) => fetch(url, options), now: () => Date.now() };
    const { steps, sentence } = await checkSymbol({ ...source, onSteps: show });
    show(steps);
    said.textContent = sentence;
  } catch (error) {
    said.textContent = `It could not be checked: ${error.message}.`;
  }
  button.disabled = false;
}

/** The card is replaced whenever the page renews itself, so the button is found anew. */
function offer() {
  const button = document.querySelector("#check-button");
  if (!button) return;
  button.hidden = false;
  button.onclick = () => void check(button);
}

offer();
document.addEventListener("renewed", offer);
