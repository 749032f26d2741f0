/** A thread that decodes one candle file and says whether that went well: for bytes that may be damaged. */
import { parentPort, workerData } from "node:worker_threads";
import { decodeCandles } from "./candle-file.ts";

const { bytes, place } = workerData as { bytes: Uint8Array; place: Parameters<typeof decodeCandles>[1] };
decodeCandles(bytes, place).then(
  () => parentPort?.postMessage(true),
  () => parentPort?.postMessage(false),
);
