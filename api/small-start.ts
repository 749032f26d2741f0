import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

// Loading code and a manifest makes much garbage and few things that stay. V8 answers garbage with room for more, which it
// keeps: some 100 MB. So until the service answers there is no more room; requests get it, because they cost less with it.
// `npm run bench:api` has the figures. Imported before all else, and only for the service itself.
const isService = process.argv[1] === fileURLToPath(new URL("./server.ts", import.meta.url));
if (isService) setFlagsFromString("--semi-space-growth-factor=1");

/** Gives garbage of requests the usual room. */
export function endSmallStart(): void {
  if (isService) setFlagsFromString("--semi-space-growth-factor=2");
}
