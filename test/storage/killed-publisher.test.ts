import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { type S3Server, startVersitygw } from "../versitygw.ts";
import { type KillFigures, killPublishersOnFile, killPublishersOnS3 } from "./kill-publishers.ts";

const isRight = ({ killed, published, reads, violations }: KillFigures, wanted: { killed: number; reads: number }) => {
  expect(violations).toEqual([]);
  expect(killed).toBeGreaterThanOrEqual(wanted.killed);
  expect(published).toBeGreaterThan(0);
  expect(published).toBeLessThan(killed);
  expect(reads).toBeGreaterThanOrEqual(wanted.reads);
};

test("a publisher killed at any step on file: leaves readers the old manifest or the new one, over 10,000 reads", async () => {
  const folder = temporaryFolder();
  try {
    isRight(await killPublishersOnFile(folder.path, { reads: 10_000 }), { killed: 12, reads: 10_000 });
  } finally {
    await folder.remove();
  }
}, 120_000);

const server: S3Server | string = await startVersitygw().catch((error: Error) => error.message);
if (typeof server === "string") test.skip(`killed on S3: skipped, because no S3 server can be had: ${server}`, () => {});
else {
  describe("on an S3 server", () => {
    beforeEach(() => {
      vi.stubEnv("AWS_ACCESS_KEY_ID", server.accessKey);
      vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.secretKey);
    });
    afterEach(async () => {
      vi.unstubAllEnvs();
      await server.stop();
    });

    // At every request, over 10,000 reads: npm run stress.
    test("a publisher killed at any put leaves readers the old manifest or the new one", async () => {
      isRight(await killPublishersOnS3(server, { prefix: "killed", reads: 200, only: "PUT" }), { killed: 4, reads: 200 });
    }, 120_000);
  });
}
