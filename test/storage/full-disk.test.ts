import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";

const run = promisify(execFile);
const MOUNTS = ["unshare", "--user", "--map-root-user", "--mount"];
/** A disk of one megabyte, in its own mount namespace, so that neither privileges nor a clean-up are needed. */
const why = await run(MOUNTS[0], [...MOUNTS.slice(1), "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"]).then(
  () => null,
  (error: Error) => error.message.trim().split("\n").at(-1),
);

const title = "a full disk is reported with what to do; the last good manifest stays, and publishing works again once there is space";
test.skipIf(why !== null)(why === null ? title : `${title} (skipped: no small disk can be mounted: ${why})`, async () => {
  const folder = temporaryFolder();
  try {
    const disk = join(folder.path, "disk");
    await mkdir(disk);
    const script = join(import.meta.dirname, "fill-disk.ts");
    const command = `mount -t tmpfs -o size=1m tmpfs "$0" && exec "$1" "$2" "$0"`;
    const { stdout } = await run(MOUNTS[0], [...MOUNTS.slice(1), "sh", "-c", command, disk, process.execPath, script]);
    const { told, during, after, added } = JSON.parse(stdout) as {
      told: { name: string; message: string }[];
      during: string;
      after: string;
      added: number;
    };
    expect(told).toHaveLength(3);
    for (const { name, message } of told) {
      expect(name).toBe("StoreUnavailable");
      expect(message).toMatch(/the disk is full: free some space, then run again$/);
    }
    expect({ during, after, added }).toEqual({ during: "good", after: "after", added: 1 });
  } finally {
    await folder.remove();
  }
});
