import { expect, test } from "vitest";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { openStore } from "../../storage/object-store/open-store.ts";

test.each([
  ["file:.data/store", "file:.data/store"],
  ["file:/var/store", "file:/var/store"],
  ["file:///var/store", "file:/var/store"],
  ["s3://bucket", "s3://bucket"],
  ["s3://bucket/", "s3://bucket"],
  ["s3://bucket/a/b/", "s3://bucket/a/b"],
])("%s opens the store %s", (url, shown) => {
  expect(openStore(url, { s3Endpoint: null }).url).toBe(shown);
});

test.each(["", "file:", "s3://", "s3://B", "http://bucket", "/var/store", "gs://bucket/x"])("%j is refused, naming it", (url) => {
  expect(() => openStore(url, { s3Endpoint: null })).toThrow(InvalidInputError);
  expect(() => openStore(url, { s3Endpoint: null })).toThrow(JSON.stringify(url));
});
