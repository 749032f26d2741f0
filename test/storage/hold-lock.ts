/** A process that takes a lock, reports it and keeps it: node hold-lock.ts LOCK_FILE */
import { withFileLock } from "../../storage/object-store/file-lock.ts";

await withFileLock(process.argv[2], async () => {
  console.log("locked");
  await new Promise((done) => setTimeout(done, 60_000));
});
