/** A process that replaces the object `large` again and again, each time with bytes that are all equal: node rewrite.ts STORE_FOLDER */
import { createFileStore } from "../../storage/object-store/file-store.ts";

const store = createFileStore(process.argv[2]);
let { etag } = (await store.get("large")) ?? { etag: "" };
console.log("writing");
for (let i = 0; ; i++) etag = (await store.put("large", new Uint8Array(2_000_000).fill(i % 256), { ifMatch: etag })).etag;
