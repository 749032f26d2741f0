import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { eventState } from "../answers/event-state.ts";
import { VERSION } from "../answers/examples.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { limitProblems, problem, problemResponse } from "../http/problem.ts";

/** Proxies and browsers give up on a silent connection; time alone changes the service's state, too. */
const BEAT_MS = 15_000;

const eventsRoute = createRoute({
  method: "get",
  path: "/events",
  operationId: "getEvents",
  tags: ["service"],
  summary: "What is served, now and whenever it changes, as server-sent events",
  description:
    "Each event `manifest` has the service's state, the version that is served, and when its newest candle closed, as JSON. The first comes at once.",
  responses: {
    ...limitProblems("/events"),
    200: {
      description: "the events",
      content: {
        "text/event-stream": {
          schema: z.string().openapi("Events"),
          example: `event: manifest\ndata: {"status":"fresh","version":"${VERSION}","newest_close":"2020-12-31T00:00:00.000Z"}\n\n`,
        },
      },
    },
    503: problemResponse("too-many-streams", "too many clients follow already", "200 clients follow events already.", "/events"),
  },
});

/** Server-sent events: another manifest, another state. */
export function eventRoutes({ registry, edition, limits, isDraining = () => false }: RouteDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  let streams = 0;
  app.openapi(eventsRoute, (c) => {
    if (streams >= limits.eventStreams)
      return problem(c, "too-many-streams", `${limits.eventStreams} clients follow events already.`, { "Retry-After": "30" });
    streams++;
    c.header("X-Accel-Buffering", "no");
    return streamSSE(c, async (stream) => {
      let wake: () => void = () => {};
      const unsubscribe = registry.subscribe(() => wake());
      stream.onAbort(() => wake());
      try {
        for (let told = ""; !stream.aborted && !isDraining(); ) {
          const data = eventState(edition());
          if (data === told) await stream.write(": still here\n\n");
          else await stream.writeSSE({ event: "manifest", data });
          told = data;
          await new Promise<void>((done) => {
            const timer = setTimeout(done, BEAT_MS);
            wake = () => {
              clearTimeout(timer);
              done();
            };
          });
        }
      } finally {
        unsubscribe();
        streams--;
      }
    }) as never;
  });
  return app;
}
