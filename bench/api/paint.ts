import { openBrowser } from "../../test/api/browser.ts";
import { median } from "../measure.ts";

export interface Paint {
  /** until the largest thing of the page is painted, ms, the median */
  readonly largestMs: number;
  /** as they came over the wire, headers included */
  readonly kilobytes: number;
}

/** Opens a page again and again in headless Chromium, each time without anything kept. */
export async function paint(url: string, times = 5): Promise<Paint> {
  const browser = await openBrowser();
  try {
    const largest: number[] = [];
    let bytes = 0;
    for (let i = 0; i < times; i++) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send("Network.enable");
      bytes = 0;
      session.on("Network.loadingFinished", ({ encodedDataLength }) => {
        bytes += encodedDataLength;
      });
      await page.goto(url);
      await page.waitForTimeout(1_500);
      const observe = `new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime)).observe({ type: "largest-contentful-paint", buffered: true }))`;
      largest.push((await page.evaluate(observe)) as number);
      await context.close();
    }
    return { largestMs: median(largest), kilobytes: bytes / 1000 };
  } finally {
    await browser.close();
  }
}
