import type { ConnectionOptions } from "@temporalio/client";
import { loadClientConnectConfig } from "@temporalio/envconfig";
import type { Settings } from "../../settings/settings.ts";

export interface GivenServer {
  readonly address: string;
  readonly namespace: string;
  readonly connection: ConnectionOptions;
  /** Whether it asks for TLS or an API key. */
  readonly secured: boolean;
}

/** The Temporal server that `TEMPORAL_ADDRESS` or a Temporal configuration profile names; null if none is named. */
export function givenServer(settings: Settings, env: NodeJS.ProcessEnv): GivenServer | null {
  const known = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: known });
  const { address, apiKey, tls, metadata } = connectionOptions;
  if (!address) return null;
  return {
    address,
    namespace: namespace ?? settings.temporalNamespace,
    connection: { address, apiKey, tls, metadata },
    secured: Boolean(apiKey || tls),
  };
}
