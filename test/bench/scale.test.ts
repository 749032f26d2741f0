import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { addActions, countActions, type HistoryEvent, NO_ACTIONS, totalActions } from "../../bench/scale/history-actions.ts";
import { medianRun } from "../../bench/scale/measure-run.ts";
import { actionsOf, formatRun, type MeasuredRun, RUN_HEAD, timesOf } from "../../bench/scale/run-table.ts";
import { startS3Proxy } from "../../bench/scale/s3-proxy.ts";
import { readServerActions } from "../../bench/scale/server-actions.ts";

describe("the actions of a history", () => {
  const count = (...events: HistoryEvent[]) => countActions(events);

  test("a client's start counts once, a child's twice at its parent, and nothing at the child", () => {
    expect(count({ workflowExecutionStartedEventAttributes: {} })).toEqual({ ...NO_ACTIONS, starts: 1 });
    expect(count({ startChildWorkflowExecutionInitiatedEventAttributes: {} })).toEqual({ ...NO_ACTIONS, children: 2 });
    expect(count({ workflowExecutionStartedEventAttributes: { parentWorkflowExecution: { workflowId: "a" } } })).toEqual(NO_ACTIONS);
  });

  test("an execution that was continued as new counts, also a child's", () => {
    const event = { parentWorkflowExecution: { workflowId: "a" }, continuedExecutionRunId: "b" };
    expect(count({ workflowExecutionStartedEventAttributes: event }).starts).toBe(1);
  });

  test("a step counts when it is scheduled, and each attempt after the first", () => {
    const events = [
      { activityTaskScheduledEventAttributes: {} },
      { activityTaskStartedEventAttributes: { attempt: 3 } },
      { activityTaskScheduledEventAttributes: {} },
      { activityTaskStartedEventAttributes: { attempt: 1 } },
    ];
    expect(count(...events)).toEqual({ ...NO_ACTIONS, activities: 2, retries: 2 });
  });

  test("markers count once for each workflow task", () => {
    const marker = (task: number) => ({ markerRecordedEventAttributes: { workflowTaskCompletedEventId: task as never } });
    expect(count(marker(4), marker(4), marker(9)).markers).toBe(2);
  });

  test("search attributes count, that of versions alone does not", () => {
    const upsert = (...names: string[]) => ({
      upsertWorkflowSearchAttributesEventAttributes: {
        searchAttributes: { indexedFields: Object.fromEntries(names.map((name) => [name, {}])) },
      },
    });
    expect(count(upsert("TemporalChangeVersion"), upsert("CandlecastStage", "CandlecastSymbol")).searchAttributes).toBe(1);
  });

  test("a signal counts where it arrives; timers and updates count", () => {
    const events = [
      { signalExternalWorkflowExecutionInitiatedEventAttributes: {} },
      { workflowExecutionSignaledEventAttributes: {} },
      { timerStartedEventAttributes: {} },
      { workflowExecutionUpdateAcceptedEventAttributes: {} },
    ];
    expect(count(...events)).toEqual({ ...NO_ACTIONS, signals: 1, timers: 1, updates: 1 });
  });

  test("those of several histories add up", () => {
    const sum = addActions({ ...NO_ACTIONS, starts: 1, timers: 2 }, { ...NO_ACTIONS, timers: 3 });
    expect(sum).toEqual({ ...NO_ACTIONS, starts: 1, timers: 5 });
    expect(totalActions(sum)).toBe(6);
  });
});

test("heartbeats and queries are those that the server counted in the namespace", () => {
  const text = [
    'action{action_type="grpc_RecordActivityTaskHeartbeat",namespace="default",service_name="frontend"} 43',
    'action{action_type="grpc_RecordActivityTaskHeartbeat",namespace="other",service_name="frontend"} 7',
    'action{action_type="grpc_QueryWorkflow",namespace="default",service_name="frontend"} 34',
    'action{action_type="command_ScheduleActivityTask",namespace="default",service_name="frontend"} 28',
    'service_action{action_type="grpc_QueryWorkflow",namespace="default"} 1',
  ].join("\n");
  expect(readServerActions(text, "default")).toEqual({ heartbeats: 43, queries: 34 });
});

test("the proxy passes requests on as they are, and counts them by what they are billed as", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.host}`);
    request
      .resume()
      .on("end", () =>
        response.writeHead(request.method === "GET" ? 200 : 201, { etag: '"x"' }).end(request.method === "GET" ? "12345" : ""),
      );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const proxy = await startS3Proxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const put = await fetch(`${proxy.url}/bucket/key`, { method: "PUT", body: "abc" });
    expect([put.status, put.headers.get("etag")]).toEqual([201, '"x"']);
    expect(await (await fetch(`${proxy.url}/bucket/key`)).text()).toBe("12345");
    await fetch(`${proxy.url}/bucket/key`, { method: "HEAD" });
    await fetch(`${proxy.url}/bucket?list-type=2&prefix=k`).then((answer) => answer.text());
    expect(asked[0]).toBe(`PUT /bucket/key ${new URL(proxy.url).host}`);
    expect(proxy.take()).toEqual({ puts: 1, gets: 1, heads: 1, lists: 1, deletes: 0, bytesWritten: 3, bytesRead: 10 });
    expect(proxy.take()).toMatchObject({ puts: 0, gets: 0 });
  } finally {
    await proxy.stop();
    await new Promise((done) => server.close(done));
  }
});

test("the median run is one that was measured, as a whole", () => {
  const runs = [
    { wallS: 9, times: 1, peak: 1 },
    { wallS: 3, times: 1, peak: 2 },
    { wallS: 5, times: 1, peak: 3 },
  ];
  expect(medianRun(runs)).toEqual({ wallS: 5, times: 3, peak: 3 });
});

describe("the table of runs", () => {
  const failed: MeasuredRun = {
    coins: "3",
    symbols: 3,
    workers: "2",
    run: "cold",
    times: 1,
    wallS: 1.25,
    cpu: { workers: 1, server: 2, command: 3 },
    workerPeakMb: Number.NEGATIVE_INFINITY,
    summary: null,
    failure: "no such coin",
    histories: { executions: 0, events: 0, bytes: 0, mostEvents: 0, mostBytes: 0, actions: NO_ACTIONS },
    serverActions: null,
    s3: null,
    source: { requests: 0, maxPerSecond: 0 },
  };

  test("has as many cells in each row as in its head, and none where nothing is known", () => {
    const cells = (line: string) => line.split(" | ").length;
    const row = formatRun(failed);
    expect(cells(row)).toBe(cells(RUN_HEAD.split("\n")[0]));
    expect(row).not.toMatch(/NaN|Infinity|null/);
  });

  test("a run without a result says why", () => {
    expect(timesOf(failed)).toBe("no result: no such coin");
    expect(timesOf({ failure: null, times: 3 })).toBe("median of 3");
  });

  test("actions are unknown where the server told nothing, and hold heartbeats but no queries where it did", () => {
    expect(actionsOf(failed)).toBeNull();
    const histories = { ...failed.histories, actions: { ...NO_ACTIONS, activities: 4 } };
    expect(actionsOf({ histories, serverActions: { heartbeats: 2, queries: 9 } })).toBe(6);
  });
});
