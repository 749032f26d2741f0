import { describe, expect, test } from "vitest";
import { formatTraceparent, parseTraceparent, readTrace, withTrace } from "../../telemetry/trace-context.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

// https://www.w3.org/TR/trace-context/#traceparent-header
describe("traceparent", () => {
  test("is parsed with its sampling flag, and formatted back to the same text", () => {
    for (const sampled of [true, false]) {
      const text = formatTraceparent({ traceId, spanId, sampled });
      expect(text).toBe(`00-${traceId}-${spanId}-${sampled ? "01" : "00"}`);
      expect(parseTraceparent(text)).toEqual({ traceId, spanId, sampled });
    }
  });

  test("of a later version is parsed as far as it is known", () => {
    expect(parseTraceparent(`01-${traceId}-${spanId}-03-more`)).toEqual({ traceId, spanId, sampled: true });
  });

  test.each([
    undefined,
    "",
    `ff-${traceId}-${spanId}-01`,
    `00-${"0".repeat(32)}-${spanId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}`,
  ])("%s is not valid", (text) => {
    expect(parseTraceparent(text)).toBeNull();
  });

  test("is carried in the header of Temporal's SDKs, beside other headers", () => {
    const headers = withTrace({ other: { data: new Uint8Array([1]) } }, { traceId, spanId, sampled: true });
    expect(Object.keys(headers)).toEqual(["other", "_tracer-data"]);
    expect(readTrace(headers)).toEqual({ traceId, spanId, sampled: true });
    expect(readTrace({})).toBeNull();
  });
});
