import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseSettings } from "../../settings/parse-settings.ts";
import { configuredServer, environmentFor, plainServer } from "../../settings/temporal-server.ts";

let folder: string;
let profiles: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "candlecast-profile-"));
  profiles = join(folder, "temporal.toml");
  writeFileSync(
    profiles,
    '[profile.cloud]\naddress = "a.example:7233"\nnamespace = "prices"\napi_key = "k"\n[profile.tls.tls]\nserver_name = "x"\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const configured = (env: Record<string, string>) => {
  const own = { HOME: folder, ...env };
  return configuredServer(parseSettings(own), own);
};

describe("the configured Temporal server", () => {
  it("is the one that TEMPORAL_ADDRESS names, without TLS and key", () => {
    expect(configured({ TEMPORAL_ADDRESS: "10.0.0.1:7233", TEMPORAL_NAMESPACE: "prices" })).toEqual(plainServer("prices", "10.0.0.1:7233"));
  });

  it("is by default the one of this machine's usual port, for workers", () => {
    expect(plainServer("default")).toEqual(plainServer("default", "127.0.0.1:7233"));
  });

  it("is none where no address is named, also where a profile has TLS settings", () => {
    expect(configured({ TEMPORAL_ADDRESS: "" })).toBeNull();
    expect(configured({ TEMPORAL_CONFIG_FILE: profiles, TEMPORAL_PROFILE: "tls" })).toBeNull();
  });

  it("is the one of a profile, with its key over TLS; variables win over the profile", () => {
    const env = { TEMPORAL_CONFIG_FILE: profiles, TEMPORAL_PROFILE: "cloud" };
    expect(configured(env)).toMatchObject({ address: "a.example:7233", namespace: "prices", connection: { apiKey: "k", tls: true } });
    expect(configured({ ...env, TEMPORAL_ADDRESS: "b.example:1", TEMPORAL_NAMESPACE: "other" })).toMatchObject({
      address: "b.example:1",
      namespace: "other",
      connection: { address: "b.example:1", apiKey: "k" },
    });
  });

  it("of a profile that doesn't exist is an error that names it", () => {
    expect(() => configured({ TEMPORAL_CONFIG_FILE: profiles, TEMPORAL_PROFILE: "nope" })).toThrow(
      /the Temporal profile can't be used: .*nope/,
    );
  });
});

describe("a child's environment", () => {
  const cloud = {
    HOME: "/",
    TEMPORAL_CONFIG_FILE: "p.toml",
    TEMPORAL_PROFILE: "cloud",
    TEMPORAL_TLS: "1",
    TEMPORAL_API_KEY: "k",
    LOG_LEVEL: "WARN",
  };

  it("leads to a server of this machine, whatever profile the parent's environment names", () => {
    const env = environmentFor(plainServer("default", "127.0.0.1:7"), cloud) as Record<string, string>;
    expect(env).toEqual({
      HOME: "/",
      LOG_LEVEL: "WARN",
      TEMPORAL_CONFIG_FILE: expect.stringMatching(/no-profile\.toml$/),
      TEMPORAL_ADDRESS: "127.0.0.1:7",
      TEMPORAL_NAMESPACE: "default",
    });
    expect(configured(env)).toEqual(plainServer("default", "127.0.0.1:7"));
  });

  it("leads to the parent's configured server with its credentials", () => {
    const env = { TEMPORAL_CONFIG_FILE: profiles, TEMPORAL_PROFILE: "cloud" };
    const server = configured(env);
    if (!server) throw new Error("no server is configured");
    expect(configured(environmentFor(server, env) as Record<string, string>)).toEqual(server);
  });
});
