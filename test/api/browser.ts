import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The machine's Chromium, without a window. */
export async function openBrowser(): Promise<Browser> {
  const { getChromium } = (await import(new URL("../../scripts/get-chromium.mjs", import.meta.url).href)) as {
    getChromium(): Promise<string>;
  };
  return chromium.launch({ executablePath: await getChromium(), args: ["--no-sandbox"] });
}

export interface OpenedPage {
  readonly page: Page;
  /** What the browser complains of: errors, warnings, refused resources. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    if (reason !== "net::ERR_ABORTED") complaints.push(`failed: ${request.url()} ${reason}`);
  });
  return { page, complaints, close: () => context.close() };
}

/** Violations of WCAG 2.2 A and AA on a page, as `rule: element`. */
export async function violations(page: Page): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  // By the debugger, past the page's own policy against inline scripts.
  await page.evaluate(`(() => { ${AXE} })()`);
  const run = `axe.run(document, { runOnly: ${JSON.stringify(tags)} })`;
  const { violations: found } = (await page.evaluate(run)) as {
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 200)}`),
  );
}
