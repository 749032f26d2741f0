import { fileURLToPath } from "node:url";
import { type ClientConnectConfig, loadClientConnectConfig } from "@temporalio/envconfig";
import { InvalidInputError } from "../core/vocabulary/errors.ts";
import type { Settings } from "./settings.ts";

/** A Temporal server, and how to connect to it. */
export interface TemporalServer {
  /** HOST:PORT */
  readonly address: string;
  readonly namespace: string;
  /** Address, TLS, API key and metadata: what both `Connection.connect` and `NativeConnection.connect` take. */
  readonly connection: Pick<ClientConnectConfig["connectionOptions"], "address" | "tls" | "apiKey" | "metadata">;
}

type Environment = Readonly<Record<string, string | undefined>>;

const NO_PROFILE = fileURLToPath(new URL("./no-profile.toml", import.meta.url));
const DEFAULT_ADDRESS = "127.0.0.1:7233";
/** What of the environment chooses how to connect, besides address and namespace. */
const CREDENTIALS = /^TEMPORAL_(PROFILE|CONFIG_FILE|API_KEY|TLS|TLS_\w+|GRPC_META_\w+|CODEC_\w+)$/;

/**
 * The Temporal server that the environment or a Temporal configuration profile names. Clients and workers connect to it
 * alike, with its TLS settings, API key and metadata. Source: https://docs.temporal.io/develop/environment-configuration
 *
 * @returns null if no address is named
 * @throws {InvalidInputError} if the profile or one of its files can't be read
 */
export function configuredServer(settings: Pick<Settings, "temporalNamespace">, env: Environment): TemporalServer | null {
  const { connectionOptions, namespace } = loadProfile(env);
  const { address, apiKey, tls, metadata } = connectionOptions;
  if (!address) return null;
  return { address, namespace: namespace ?? settings.temporalNamespace, connection: { address, apiKey, tls, metadata } };
}

/** A server that is reached without TLS and API key; by default the one that listens on this machine's usual port. */
export function plainServer(namespace: string, address: string = DEFAULT_ADDRESS): TemporalServer {
  return { address, namespace, connection: { address } };
}

/**
 * The environment of a child process that has to connect to this very server. Where the server is a plain one, profile and
 * credentials are left out: they belong to another server.
 */
export function environmentFor({ address, namespace, connection }: TemporalServer, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isPlain = Object.entries(connection).every(([name, value]) => name === "address" || value === undefined);
  const kept = isPlain
    ? { ...Object.fromEntries(Object.entries(env).filter(([name]) => !CREDENTIALS.test(name))), TEMPORAL_CONFIG_FILE: NO_PROFILE }
    : env;
  return { ...kept, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
}

/** Says which server can't be reached; the cause is kept. */
export function unreachable(address: string, cause: unknown): Error {
  return new Error(`Temporal can't be reached at ${address}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}

function loadProfile(env: Environment): ClientConnectConfig {
  const set = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));
  try {
    return loadClientConnectConfig({ overrideEnvVars: set });
  } catch (cause) {
    throw new InvalidInputError(`the Temporal profile can't be used: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
