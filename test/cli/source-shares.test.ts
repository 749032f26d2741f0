import { describe, expect, test } from "vitest";
import { shareSources } from "../../cli/worker/source-shares.ts";
import type { PollerContext } from "../../telemetry/worker-pollers.ts";

const NOW = 1_000_000_000;

function polledBy(list: () => readonly { identity: string; secondsAgo: number }[]): PollerContext {
  const describeTaskQueue = async () => ({
    pollers: list().map(({ identity, secondsAgo }) => ({ identity, lastAccessTime: { seconds: NOW / 1_000 - secondsAgo } })),
  });
  return { connection: { workflowService: { describeTaskQueue } }, namespace: "default" } as unknown as PollerContext;
}

describe("a worker's share of a source's limit", () => {
  const look = async (list: () => readonly { identity: string; secondsAgo: number }[]) => {
    const shares = shareSources(["q"], { ...polledBy(list), identity: "me" }, { now: () => NOW });
    await shares.look();
    shares.stop();
    return shares.of("q");
  };

  test("is all of it for a worker alone, whether the server has seen it poll or not", async () => {
    expect(await look(() => [])).toBe(1);
    expect(await look(() => [{ identity: "me", secondsAgo: 1 }])).toBe(1);
  });

  test("is one part among the processes that poll its queue, each counted once", async () => {
    const others = ["a", "a", "b"].map((identity) => ({ identity, secondsAgo: 30 }));
    expect(await look(() => others)).toBeCloseTo(1 / 3, 12);
  });

  test("leaves out who has not polled for longer than a poll lasts", async () => {
    expect(await look(() => [{ identity: "gone", secondsAgo: 200 }])).toBe(1);
  });

  test("stays as it was where the server does not tell", async () => {
    let isDown = false;
    const list = () => {
      if (isDown) throw new Error("unavailable");
      return [{ identity: "a", secondsAgo: 1 }];
    };
    const shares = shareSources(["q"], { ...polledBy(list), identity: "me" }, { now: () => NOW });
    await shares.look();
    isDown = true;
    await shares.look();
    shares.stop();
    expect(shares.of("q")).toBe(0.5);
  });
});
