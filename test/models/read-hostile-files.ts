import { decodeModel, encodeModel } from "../../core/models/file/model-file.ts";
import { payloadOf, SMALL_MODELS, seal } from "./small-models.ts";

const MOST = 16 * 1024 * 1024;
const ROOM = MOST - 1_000;
const linear = payloadOf(encodeModel(SMALL_MODELS[1]));
const trees = payloadOf(encodeModel(SMALL_MODELS[0]));
const instead = (payload: string, field: string, text: string) => payload.replace(new RegExp(`"${field}":"[^"]*"`), `"${field}":"${text}"`);
const left = (nodes: number, child: (node: number) => number) => {
  const values = Int32Array.from({ length: nodes }, (_, node) => child(node));
  return instead(trees, "left", Buffer.from(values.buffer).toString("base64"));
};

/** Files as large as they may be, each with a digest that fits. */
const files: Record<string, () => Uint8Array> = {
  "larger than the limit": () => new Uint8Array(MOST + 1),
  "arrays in arrays": () => seal("[".repeat(ROOM)),
  "objects in objects": () => seal(`{"a":`.repeat(ROOM / 5)),
  "many numbers": () => seal(`{"features":[${"1,".repeat(ROOM / 2)}1]}`),
  "many empty arrays": () => seal(`{"features":[${"[],".repeat(ROOM / 3)}1]}`),
  "many fields": () => seal(`{${`"":0,`.repeat(ROOM / 5)}"a":0}`),
  "one long text": () => seal(`{"algorithm":"${"x".repeat(ROOM)}"}`),
  "one long text of backslashes": () => seal(`{"algorithm":"${"\\\\".repeat(ROOM / 2)}"}`),
  "one long text of escaped quotes": () => seal(`{"algorithm":"${'\\"'.repeat(ROOM / 2)}"}`),
  "a text without an end": () => seal(`"${"\\".repeat(ROOM)}`),
  "a long name": () => seal(`{"${"x".repeat(ROOM)}":1}`),
  "more weights than features": () => seal(instead(linear, "weights", "A".repeat(ROOM - linear.length))),
  "more nodes than there may be": () => seal(instead(trees, "value", "A".repeat(ROOM - trees.length))),
  "one column at its limit": () => seal(instead(trees, "value", "A".repeat((500_000 * 8 * 4) / 3))),
  "a chain of nodes": () => seal(left(500_000, (node) => (node < 499_000 ? node + 1 : -1))),
  "no UTF-8": () => seal(new Uint8Array(ROOM).fill(0xff)),
};

const found = Object.entries(files).map(([name, make]) => {
  const bytes = make();
  const before = process.threadCpuUsage();
  let error = "";
  try {
    decodeModel(bytes);
  } catch (thrown) {
    error = (thrown as Error).name;
  }
  const { user, system } = process.threadCpuUsage(before);
  return { name, error, cpuMs: (user + system) / 1_000 };
});
console.log(JSON.stringify({ files: found, maxRssMb: process.resourceUsage().maxRSS / 1_024 }));
