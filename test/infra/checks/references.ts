import { QUEUE_KINDS } from "../../../activities/task-queues.ts";
import { cpuQueue, sourceQueue } from "../../../core/vocabulary/queue-names.ts";
import { createSources } from "../../../sources/create-sources.ts";
import { valuesOf } from "./environment.ts";
import { type Container, type KubernetesObject, type Labels, meets, titleOf, type Workload, workloadsOf } from "./objects.ts";

/** Each candle source has a task queue. */
const SOURCES = Object.keys(createSources({ cryptocompareApiKey: null }));

/** A parameter of a KEDA scaler, as its own schema says. */
export interface ScalerParameter {
  readonly name: string;
  readonly optional?: boolean;
  readonly default?: string;
  readonly deprecated?: string;
  readonly envVariableReadable?: boolean;
  readonly metadataVariableReadable?: boolean;
}

/**
 * Whether what points at something in these objects points at something that is there: selectors at pods, ports at ports,
 * probes at the addresses that the settings say, scalers at Deployments and task queues, routes at Services.
 *
 * @param scalers parameters of KEDA's scalers by type
 */
export function checkReferences(objects: readonly KubernetesObject[], scalers: ReadonlyMap<string, readonly ScalerParameter[]>): string[] {
  const workloads = workloadsOf(objects);
  const services = ofKind("Service");
  const configMaps = new Map(ofKind("ConfigMap").map((object) => [object.metadata.name, object.data ?? {}]));
  return [
    ...workloads.flatMap(checkWorkload),
    ...services.flatMap(checkService),
    ...ofKind("PodDisruptionBudget").flatMap((object) => selects(object, object.spec.selector.matchLabels)),
    ...ofKind("NetworkPolicy").flatMap(checkNetworkPolicy),
    ...ofKind("ServiceMonitor").flatMap(checkServiceMonitor),
    ...ofKind("HorizontalPodAutoscaler").flatMap((object) => scales(object, object.spec.scaleTargetRef)),
    ...ofKind("ScaledObject").flatMap(checkScaledObject),
    ...scaledTwice(),
    ...ofKind("Ingress").flatMap(checkIngress),
    ...ofKind("Gateway").flatMap(checkGateway),
    ...ofKind("HTTPRoute").flatMap(checkRoute),
    ...ofKind("TargetGroupConfiguration").flatMap((object) => backend(object, object.spec.targetReference.name, null)),
    ...ofKind("WorkerDeployment").flatMap(checkWorkerDeployment),
    ...ofKind("WorkerResourceTemplate").flatMap((object) => names(object, "WorkerDeployment", object.spec.workerDeploymentRef.name)),
    ...uncoveredQueues(),
  ];

  function ofKind(kind: string): KubernetesObject[] {
    return objects.filter((object) => object.kind === kind);
  }

  function names(from: KubernetesObject, kind: string, name: string): string[] {
    return ofKind(kind).some(({ metadata }) => metadata.name === name)
      ? []
      : [`${titleOf(from)} names ${kind} ${name}, which is not there`];
  }

  function selects(from: KubernetesObject, selector: Labels): string[] {
    return workloads.some(({ labels }) => meets(labels, selector)) ? [] : [`${titleOf(from)} selects no pods: ${JSON.stringify(selector)}`];
  }

  function checkWorkload({ object, labels, containers, volumes }: Workload): string[] {
    const selector = object.spec.selector?.matchLabels;
    const account = object.spec.template.spec.serviceAccountName;
    return [
      ...(selector && !meets(labels, selector) ? [`${titleOf(object)} doesn't select its own pods`] : []),
      ...names(object, "ServiceAccount", account),
      ...containers.flatMap((container) => checkContainer(container).map((problem) => `${titleOf(object)} ${problem}`)),
      ...containers.flatMap(({ volumeMounts = [] }) =>
        volumeMounts
          .filter(({ name }) => !volumes.some((each) => each.name === name))
          .map(({ name }) => `${titleOf(object)} mounts ${name}, which is no volume of it`),
      ),
    ];
  }

  function checkContainer(container: Container): string[] {
    const { ports = [], image, args = [] } = container;
    const values = valuesOf(container, configMaps);
    const listens: Record<string, string | undefined> = {
      health: portOf(values.WORKER_HEALTH_ADDRESS),
      metrics: portOf(values.WORKER_METRICS_ADDRESS),
      http: values.PORT,
    };
    const unknownQueue =
      args[0] === "worker" && args[1] === "--queues"
        ? queueKinds(args[2]).find((kind) => !(QUEUE_KINDS as readonly string[]).includes(kind))
        : undefined;
    return [
      ...(/(:latest|^[^:]+)$/.test(image) ? [`has image ${image}, without a tag that stays what it is`] : []),
      ...(unknownQueue === undefined ? [] : [`asks for queues of kind ${unknownQueue}, which the worker doesn't know`]),
      ...ports
        .filter(({ name, containerPort }) => listens[name] !== String(containerPort))
        .map(({ name, containerPort }) => `has port ${name} ${containerPort}, but its settings say ${listens[name] ?? "nothing of it"}`),
      ...(["startupProbe", "livenessProbe", "readinessProbe"] as const).flatMap((probe) => {
        const port = container[probe]?.httpGet?.port;
        return port === undefined || ports.some(({ name }) => name === port)
          ? []
          : [`has a ${probe} on port ${port}, which it doesn't have`];
      }),
    ];
  }

  function checkService(object: KubernetesObject): string[] {
    const { selector, ports } = object.spec;
    if (!selector)
      return ofKind("EndpointSlice").some(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === object.metadata.name)
        ? []
        : [`${titleOf(object)} has neither a selector nor endpoints`];
    const pods = workloads.filter(({ labels }) => meets(labels, selector));
    if (pods.length === 0) return selects(object, selector);
    return ports
      .filter(({ targetPort }: { targetPort: string }) => !pods.every((pod) => hasPort(pod, targetPort)))
      .map(({ targetPort }: { targetPort: string }) => `${titleOf(object)} sends to port ${targetPort}, which not all its pods have`);
  }

  function checkNetworkPolicy(object: KubernetesObject): string[] {
    const selector: Labels = object.spec.podSelector.matchLabels ?? {};
    const pods = workloads.filter(({ labels }) => meets(labels, selector));
    const named: string[] = (object.spec.ingress ?? [])
      .flatMap(({ ports = [] }: { ports?: { port: string | number }[] }) => ports.map(({ port }) => port))
      .filter((port: unknown) => typeof port === "string");
    return [
      ...selects(object, selector),
      ...named
        .filter((port) => !pods.every((pod) => hasPort(pod, port)))
        .map((port) => `${titleOf(object)} opens port ${port}, which not all its pods have`),
    ];
  }

  function checkServiceMonitor(object: KubernetesObject): string[] {
    const found = services.filter(({ metadata }) => meets(metadata.labels ?? {}, object.spec.selector.matchLabels));
    if (found.length === 0) return [`${titleOf(object)} selects no Service`];
    return object.spec.endpoints
      .filter(({ port }: { port: string }) => !found.every(({ spec }) => spec.ports.some(({ name }: { name: string }) => name === port)))
      .map(({ port }: { port: string }) => `${titleOf(object)} scrapes port ${port}, which its Service doesn't have`);
  }

  function scales(object: KubernetesObject, { kind = "Deployment", name }: { kind?: string; name: string }): string[] {
    const target = ofKind(kind).find(({ metadata }) => metadata.name === name);
    if (!target) return names(object, kind, name);
    return target.spec.replicas === undefined
      ? []
      : [`${titleOf(target)} sets replicas, which ${titleOf(object)} owns: each apply would reset them`];
  }

  function scaledTwice(): string[] {
    const targets = [...ofKind("HorizontalPodAutoscaler"), ...ofKind("ScaledObject")].map(
      ({ spec }) => `${spec.scaleTargetRef.kind ?? "Deployment"} ${spec.scaleTargetRef.name}`,
    );
    return [...new Set(targets.filter((target, i) => targets.indexOf(target) !== i))].map(
      (target) => `${target} is scaled by two at once; KEDA makes an HPA of its own`,
    );
  }

  function checkScaledObject(object: KubernetesObject): string[] {
    const { scaleTargetRef, triggers } = object.spec;
    const target = workloads.find((workload) => workload.object.metadata.name === scaleTargetRef.name);
    const values = target ? valuesOf(target.containers[0], configMaps) : {};
    return [
      ...scales(object, scaleTargetRef),
      ...triggers.flatMap((trigger: Trigger) => checkTrigger(trigger, values).map((problem) => `${titleOf(object)} ${problem}`)),
      ...triggers.flatMap(({ authenticationRef }: Trigger) =>
        authenticationRef ? names(object, "TriggerAuthentication", authenticationRef.name) : [],
      ),
    ];
  }

  function checkTrigger({ type, metadata }: Trigger, values: Readonly<Record<string, string>>): string[] {
    const parameters = scalers.get(type);
    if (!parameters) return [`has a trigger of type ${type}, which KEDA doesn't know`];
    const readable = new Map(
      parameters
        .filter(({ metadataVariableReadable }) => metadataVariableReadable)
        .flatMap((parameter) => [
          [parameter.name, parameter] as const,
          ...(parameter.envVariableReadable ? [[`${parameter.name}FromEnv`, parameter] as const] : []),
        ]),
    );
    const given = Object.keys(metadata);
    const required = parameters.filter(
      ({ optional, default: preset, metadataVariableReadable }) => metadataVariableReadable && !optional && preset === undefined,
    );
    const queue = metadata.taskQueue ?? values[metadata.taskQueueFromEnv ?? ""];
    return [
      ...given.filter((key) => !readable.has(key)).map((key) => `has a trigger with ${key}, which the scaler ${type} doesn't read`),
      ...given
        .filter((key) => readable.get(key)?.deprecated)
        .map((key) => `has a trigger with ${key}, which is deprecated: ${readable.get(key)?.deprecated}`),
      ...required
        .filter(({ name }) => !(name in metadata) && !(`${name}FromEnv` in metadata))
        .map(({ name }) => `has a trigger without ${name}`),
      ...given
        .filter((key) => key.endsWith("FromEnv") && !(metadata[key] in values))
        .map((key) => `has a trigger with ${key}: ${metadata[key]}, which its pods don't have`),
      ...(type === "temporal" && !taskQueues(values.TEMPORAL_TASK_QUEUE).includes(queue)
        ? [`watches task queue ${queue}, which no worker polls`]
        : []),
    ];
  }

  function checkIngress(object: KubernetesObject): string[] {
    const paths = object.spec.rules.flatMap(({ http }: { http: { paths: { backend: { service: IngressService } }[] } }) => http.paths);
    return paths.flatMap(({ backend: { service } }: { backend: { service: IngressService } }) => {
      if (service.port.name !== "use-annotation") return backend(object, service.name, service.port.name ?? service.port.number ?? null);
      const annotation = `alb.ingress.kubernetes.io/actions.${service.name}`;
      return object.metadata.annotations?.[annotation]
        ? []
        : [`${titleOf(object)} uses action ${service.name}, but has no annotation ${annotation}`];
    });
  }

  /** Whether there is a Service of that name with that port. */
  function backend(from: KubernetesObject, name: string, port: string | number | null): string[] {
    const service = services.find(({ metadata }) => metadata.name === name);
    if (!service) return names(from, "Service", name);
    const has =
      port === null || service.spec.ports.some((each: { name: string; port: number }) => each.name === port || each.port === port);
    return has ? [] : [`${titleOf(from)} sends to port ${port} of Service ${name}, which it doesn't have`];
  }

  function checkGateway(object: KubernetesObject): string[] {
    const { gatewayClassName, infrastructure } = object.spec;
    const parameters = infrastructure?.parametersRef;
    return [...names(object, "GatewayClass", gatewayClassName), ...(parameters ? names(object, parameters.kind, parameters.name) : [])];
  }

  function checkRoute(object: KubernetesObject): string[] {
    const { parentRefs, rules } = object.spec as RouteSpec;
    return [
      ...parentRefs.flatMap(({ name, sectionName }) => {
        const gateway = ofKind("Gateway").find(({ metadata }) => metadata.name === name);
        if (!gateway) return names(object, "Gateway", name);
        const has = sectionName === undefined || gateway.spec.listeners.some((listener: { name: string }) => listener.name === sectionName);
        return has ? [] : [`${titleOf(object)} joins listener ${sectionName} of Gateway ${name}, which it doesn't have`];
      }),
      ...rules.flatMap(({ backendRefs = [] }) => backendRefs.flatMap(({ name, port }) => backend(object, name, port))),
    ];
  }

  function checkWorkerDeployment(object: KubernetesObject): string[] {
    const { connectionRef, temporalNamespace } = object.spec.workerOptions;
    const connection = ofKind("Connection").find(({ metadata }) => metadata.name === connectionRef.name);
    const values = valuesOf(object.spec.template.spec.containers[0], configMaps);
    return [
      ...names(object, "Connection", connectionRef.name),
      ...(temporalNamespace === values.TEMPORAL_NAMESPACE
        ? []
        : [`${titleOf(object)} is of namespace ${temporalNamespace}, but its settings say ${values.TEMPORAL_NAMESPACE}`]),
      ...(!connection || connection.spec.hostPort === values.TEMPORAL_ADDRESS
        ? []
        : [`${titleOf(connection)} leads to ${connection.spec.hostPort}, but the workers' settings say ${values.TEMPORAL_ADDRESS}`]),
    ];
  }

  /** A kind of queue that nobody polls would let runs wait for ever. */
  function uncoveredQueues(): string[] {
    const workers = workloads.flatMap(({ containers }) => containers).filter(({ args = [] }) => args[0] === "worker");
    if (workers.length === 0) return [];
    const polled = workers.flatMap(({ args = [] }) => (args[1] === "--queues" ? queueKinds(args[2]) : [...QUEUE_KINDS]));
    return QUEUE_KINDS.filter((kind) => !polled.includes(kind)).map((kind) => `no worker polls the queues of kind ${kind}`);
  }
}

interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly authenticationRef?: { readonly name: string };
}

interface IngressService {
  readonly name: string;
  readonly port: { readonly name?: string; readonly number?: number };
}

interface RouteSpec {
  readonly parentRefs: readonly { readonly name: string; readonly sectionName?: string }[];
  readonly rules: readonly { readonly backendRefs?: readonly { readonly name: string; readonly port: number }[] }[];
}

function queueKinds(text: string | undefined): string[] {
  return (text ?? "").split(",").map((kind) => kind.trim());
}

function taskQueues(taskQueue: string): string[] {
  return [taskQueue, cpuQueue(taskQueue), ...SOURCES.map((source) => sourceQueue(taskQueue, source))];
}

function hasPort({ containers }: Workload, port: string | number): boolean {
  return containers.some(({ ports = [] }) => ports.some(({ name, containerPort }) => name === port || containerPort === port));
}

function portOf(address: string | undefined): string | undefined {
  return address?.slice(address.lastIndexOf(":") + 1);
}
