import { describe, expect, test } from "vitest";
import { checkCloud } from "../lab/cloud.ts";
import { marketAvailable } from "../market-server.ts";
import { callsOf, isAllowed, type Statement } from "./iam.ts";

test("the roles of worker and API allow what the code does, and nothing else", { timeout: 300_000 }, async ({ skip }) => {
  if (!marketAvailable) skip("no real candles");
  const { problems, skipped } = await checkCloud();
  if (skipped) skip(skipped);
  expect(problems).toEqual([]);
});

describe("the simulation of policies", () => {
  const allow = (more: Partial<Statement> = {}): Statement => ({ Effect: "Allow", Action: "s3:Get*", Resource: "arn:b/main/*", ...more });
  const call = (context: Record<string, string> = {}) => ({ action: "s3:GetObject", resource: "arn:b/main/x", context });

  test("allows what a statement names, and nothing that one denies", () => {
    expect(isAllowed([allow()], call())).toBe(true);
    expect(isAllowed([], call())).toBe(false);
    expect(isAllowed([allow({ Resource: "arn:b/mai?" })], call())).toBe(false);
    expect(isAllowed([allow({ Action: ["s3:PutObject"] })], call())).toBe(false);
    expect(isAllowed([allow(), allow({ Effect: "Deny", Action: "s3:*" })], call())).toBe(false);
  });

  test.each([
    [{ StringEquals: { k: "v" } }, { k: "v" }, true],
    [{ StringEquals: { k: "v" } }, { k: "w" }, false],
    [{ StringEquals: { k: "v" } }, {}, false],
    [{ StringLikeIfExists: { k: "v*" } }, {}, true],
    [{ StringLikeIfExists: { k: "v*" } }, { k: "w" }, false],
    [{ Null: { a: "true", b: "true" } }, {}, true],
    [{ Null: { a: "true", b: "true" } }, { a: "x" }, false],
    [{ Bool: { k: "false" } }, { k: "false" }, true],
    [{ NumericLessThan: { k: "1.2" } }, { k: "1.1" }, true],
    [{ NumericLessThan: { k: "1.2" } }, { k: "1.3" }, false],
  ])("with condition %j and context %j: %s", (Condition, context, allowed) => {
    expect(isAllowed([allow({ Condition } as Partial<Statement>)], call(context as Record<string, string>))).toBe(allowed);
  });

  test("refuses a condition that it doesn't know", () => {
    expect(() => isAllowed([allow({ Condition: { IpAddress: { k: "1" } } })], call({ k: "1" }))).toThrow("IpAddress");
  });

  test("knows requests that the store makes, and no others", () => {
    const place = { bucketArn: "arn:b", keyArn: "arn:key", region: "r" };
    const actions = (method: string, url: string, headers = {}, status = 200) =>
      callsOf({ method, url, headers, status }, place).map(({ action }) => action);
    expect(actions("GET", "/b?list-type=2&prefix=main%2F")).toEqual(["s3:ListBucket"]);
    expect(actions("HEAD", "/b/main/x")).toEqual(["s3:GetObject", "kms:Decrypt"]);
    expect(actions("GET", "/b/main/x", {}, 404)).toEqual(["s3:GetObject", "s3:ListBucket"]);
    expect(callsOf({ method: "PUT", url: "/b/main/x?x-id=PutObject", headers: { "if-match": "e" } }, place)[0]).toMatchObject({
      action: "s3:PutObject",
      resource: "arn:b/main/x",
      context: { "s3:if-match": "e" },
    });
    expect(() => actions("PUT", "/b?policy")).toThrow("PUT /b?policy is none of the calls that the store makes");
    expect(() => actions("POST", "/b/main/x?uploads")).toThrow("none of the calls");
  });
});
