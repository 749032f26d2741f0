/** A process that adds 1 to the object `count`, many times: node increment.ts STORE_FOLDER TIMES */
import { PreconditionFailedError } from "../../core/vocabulary/errors.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";

const [folder, times] = process.argv.slice(2);
const store = createFileStore(folder);
for (let done = 0; done < Number(times); ) {
  const found = await store.get("count");
  if (!found) throw new Error("no count");
  try {
    await store.put("count", new TextEncoder().encode(String(Number(new TextDecoder().decode(found.bytes)) + 1)), { ifMatch: found.etag });
    done++;
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
  }
}
