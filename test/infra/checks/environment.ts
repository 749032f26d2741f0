import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseSettings } from "../../../settings/parse-settings.ts";
import type { Setting } from "../../../settings/setting.ts";
import { SETTINGS } from "../../../settings/settings-table.ts";
import { type Container, type KubernetesObject, titleOf, workloadsOf } from "./objects.ts";

/** Where a credential for S3 is found, beside EKS Pod Identity. */
const AWS_VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/** Names of the environment variables that this project's code, Temporal's client and AWS' SDK read. */
export function knownVariables(): ReadonlySet<string> {
  const own = Object.values<Setting<unknown>>(SETTINGS).flatMap(({ variable, aliases = [] }) => [variable, ...aliases]);
  const envconfig = createRequire(import.meta.url).resolve("@temporalio/envconfig");
  const temporal = sourcesIn(dirname(envconfig)).flatMap((file) => namesIn(file, /\benvProvider\['([A-Z][A-Z0-9_]+)'\]/g));
  return new Set([...own, ...temporal, ...AWS_VARIABLES]);
}

/**
 * Whether every variable that a pod gets is one that something reads, whether the settings are ones that the code takes, and
 * whether each ConfigMap and Secret that is referred to is there.
 *
 * @param secrets names of the Secrets that an operator is told to make, with their keys (null: of a fixed type)
 */
export function checkEnvironment(objects: readonly KubernetesObject[], secrets: ReadonlyMap<string, readonly string[] | null>): string[] {
  const known = knownVariables();
  const configMaps = new Map(objects.filter(({ kind }) => kind === "ConfigMap").map((object) => [object.metadata.name, object.data ?? {}]));
  return workloadsOf(objects).flatMap(({ object, containers, volumes }) => {
    const problems = containers.flatMap((container) => {
      const values = valuesOf(container, configMaps);
      return [
        ...references(container)
          .filter(({ kind, name, key }) => !exists(kind, name, key))
          .map(({ kind, name, key }) => missing(kind, name, key)),
        ...Object.keys(values)
          .concat((container.env ?? []).map(({ name }) => name))
          .filter((name) => !known.has(name))
          .map((name) => `sets ${name}, which nothing reads`),
        ...settingProblems(values),
      ];
    });
    const volumeProblems = volumes.flatMap(({ secret, configMap }) => [
      ...(secret && !exists("Secret", secret.secretName) ? [missing("Secret", secret.secretName)] : []),
      ...(configMap && !exists("ConfigMap", configMap.name) ? [missing("ConfigMap", configMap.name)] : []),
    ]);
    // A Service named temporal would set TEMPORAL_PORT, whatever it is for.
    const links =
      object.spec.template.spec.enableServiceLinks === false
        ? []
        : ["lets Kubernetes set variables after the names of Services: enableServiceLinks is not false"];
    return [...new Set([...problems, ...volumeProblems, ...links])].map((problem) => `${titleOf(object)} ${problem}`);
  });

  function exists(kind: "ConfigMap" | "Secret", name: string, key?: string): boolean {
    const keys = kind === "ConfigMap" ? configMaps.get(name) && Object.keys(configMaps.get(name) ?? {}) : secrets.get(name);
    if (keys === undefined) return false;
    return key === undefined || keys === null || keys.includes(key);
  }
}

function missing(kind: string, name: string, key?: string): string {
  const where = kind === "Secret" ? "that no guide tells to make" : "that is not there";
  return `refers to ${kind} ${name}${key === undefined ? "" : `, key ${key}`}, ${where}`;
}

function references({ env = [], envFrom = [] }: Container): { kind: "ConfigMap" | "Secret"; name: string; key?: string }[] {
  return [
    ...envFrom.flatMap(({ configMapRef, secretRef }) => [
      ...(configMapRef ? [{ kind: "ConfigMap" as const, name: configMapRef.name }] : []),
      ...(secretRef ? [{ kind: "Secret" as const, name: secretRef.name }] : []),
    ]),
    ...env.flatMap(({ valueFrom }) => [
      ...(valueFrom?.configMapKeyRef
        ? [{ kind: "ConfigMap" as const, name: valueFrom.configMapKeyRef.name, key: valueFrom.configMapKeyRef.key }]
        : []),
      ...(valueFrom?.secretKeyRef ? [{ kind: "Secret" as const, name: valueFrom.secretKeyRef.name, key: valueFrom.secretKeyRef.key }] : []),
    ]),
  ];
}

/** The variables of a container whose values the manifests hold. */
export function valuesOf(
  { env = [], envFrom = [] }: Container,
  configMaps: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { configMapRef } of envFrom) Object.assign(values, configMapRef && configMaps.get(configMapRef.name));
  for (const { name, value } of env) if (value !== undefined) values[name] = value;
  return values;
}

function settingProblems(values: Readonly<Record<string, string>>): string[] {
  try {
    parseSettings(values);
    return [];
  } catch (error) {
    return [`has settings that the code refuses: ${(error as Error).message.replace(/\s+/g, " ")}`];
  }
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|js)$/.test(file) && !file.endsWith(".d.ts"))
    .map((file) => join(folder, file));
}

function namesIn(file: string, pattern: RegExp): string[] {
  return [...readFileSync(file, "utf8").matchAll(pattern)].map(([, name]) => name);
}
