import { describe, expect, test } from "vitest";
import { createApp } from "../../api/app.ts";
import { createLiveRegistry } from "../../api/served/live-registry.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import { createPublishedStore } from "./published-store.ts";

const NOW = Date.parse("2017-06-01T01:00:00Z");

/** The events of a stream, one a call. */
function reader(response: Response) {
  const chunks = (response.body as ReadableStream<Uint8Array>).getReader();
  let rest = "";
  return {
    async next(): Promise<{ event: string; data: Record<string, unknown> }> {
      for (;;) {
        const end = rest.indexOf("\n\n");
        if (end >= 0) {
          const text = rest.slice(0, end);
          rest = rest.slice(end + 2);
          const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(text) ?? [];
          if (event) return { event, data: JSON.parse(data) };
          continue;
        }
        const { value, done } = await chunks.read();
        if (done) throw new Error("the stream has ended");
        rest += new TextDecoder().decode(value);
      }
    },
    cancel: () => chunks.cancel(),
  };
}

describe("/events", () => {
  test("tells what is served at once, and again as soon as another manifest is", async () => {
    const { store, publish } = await createPublishedStore();
    const registry = createLiveRegistry(store, { pollMs: 0 });
    const app = createApp({ registry, now: () => NOW, codeVersion: "0.0.0" });
    await registry.reload();
    const response = await app.request("/events");
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events = reader(response);
    expect(await events.next()).toEqual({ event: "manifest", data: { status: "empty", version: null, newest_close: null } });
    const { version } = await publish("2017-06-01T00:10:00.000Z");
    await registry.reload();
    const expected = { status: "fresh", version, newest_close: "2017-06-01T00:00:00.000Z" };
    expect(await events.next()).toEqual({ event: "manifest", data: expected });
    await events.cancel();
  });

  test("is followed by no more clients than it may; one that leaves makes room", async () => {
    const registry = createLiveRegistry(createMemoryStore(), { pollMs: 0 });
    const app = createApp({ registry, now: () => NOW, codeVersion: "0.0.0", limits: { eventStreams: 1 } });
    const first = reader(await app.request("/events"));
    await first.next();
    expect((await app.request("/events")).status).toBe(503);
    await first.cancel();
    await expect.poll(async () => (await app.request("/events")).status).toBe(200);
  });
});
