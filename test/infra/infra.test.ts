import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkCompose, checkDockerfile, checkShell, checkWorkflows } from "./checks/files.ts";
import { checkKustomization, checkManifests } from "./checks/manifests.ts";
import { checkTerraform } from "./checks/terraform.ts";
import { runTool } from "./run-tool.ts";
import { getTools, type Tools } from "./tools.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

let tools: Tools;
let folder: string;
beforeAll(async () => {
  tools = await getTools();
  folder = mkdtempSync(join(tmpdir(), "candlecast-infra-"));
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("each check finds what is broken", () => {
  test.each([
    ["compose-unhealthy.yml", "waits until temporal is healthy, which has no healthcheck"],
    ["compose-unhealthy.yml", "publishes port 7233 on every address"],
    ["compose-unset.yml", "POSTGRES_PASSWORD"],
    ["compose-unknown-key.yml", "depend_on"],
  ])("compose: %s: %s", async (file, problem) => {
    expect((await checkCompose([fixture(file)], tools)).join("\n")).toContain(problem);
  });

  test("hadolint: an image without a version, a package without one", async () => {
    expect((await checkDockerfile(fixture("Dockerfile.broken"), tools)).join("\n")).toMatch(/DL3007[\s\S]*DL3003/);
  });

  test("shellcheck: a variable that could delete everything", async () => {
    expect((await checkShell([fixture("broken.sh")], tools)).join("\n")).toContain("SC2115");
  });

  test("actionlint and zizmor: an unknown value, a tag that moves, permissions that are not named", async () => {
    const problems = (await checkWorkflows([fixture("workflow-broken.yml")], tools)).join("\n");
    expect(problems).toContain('property "node" is not defined');
    expect(problems).toContain("unpinned-uses");
    expect(problems).toContain("excessive-permissions");
  });

  test("zizmor: a title that is run as a command, by somebody else's branch", async () => {
    const problems = (await checkWorkflows([fixture("workflow-injection.yml")], tools)).join("\n");
    expect(problems).toContain("template-injection");
    expect(problems).toContain("dangerous-triggers");
  });

  test("kustomize: a file that is not there", async () => {
    writeFileSync(join(folder, "kustomization.yaml"), "resources: [missing.yaml]\n");
    expect((await checkKustomization(folder, [], tools)).join("\n")).toContain("missing.yaml");
  });
});

describe("manifests", () => {
  const whole = readFileSync(fixture("worker.yaml"), "utf8");
  const check = (text: string) => checkManifests(text, [fixture("guide.md")], tools);

  test("what is whole passes", async () => {
    expect(await check(whole)).toEqual([]);
  });

  test.each([
    ["an unknown field", "maxUnavailable: 1", "maxUnavailble: 1", "maxUnavailble"],
    ["a field of another type", 'targetQueueSize: "4"', "targetQueueSize: 4", "is not of type 'string'"],
    ["an unknown kind", "kind: PodDisruptionBudget", "kind: PodDisruption", "no schema of policy/v1 PodDisruption"],
    ["an unknown field of a custom kind", "scaleTargetRef: {", "scaleTarget: {}, scaleTargetRef: {", "scaleTarget"],
    ["a scaler's key", 'targetQueueSize: "4"', 'targetQueueLength: "4"', "targetQueueLength, which the scaler temporal doesn't read"],
    ["a scaler's deprecated key", 'targetQueueSize: "4"', 'buildId: "4"', "buildId, which is deprecated"],
    ["a scaler without its queue", "taskQueue: candlecast-cpu, ", "", "without taskQueue"],
    ["a scaler's type", "type: temporal", "type: tempral", "which KEDA doesn't know"],
    ["a task queue", "candlecast-cpu", "candlecast-gpu", "candlecast-gpu, which no worker polls"],
    ["a variable of the scaler", "endpointFromEnv: TEMPORAL_ADDRESS", "endpointFromEnv: TEMPORAL_HOST", "which its pods don't have"],
    ["a scaler's target", "scaleTargetRef: { name: worker }", "scaleTargetRef: { name: api }", "Deployment api, which is not there"],
    ["a name of a setting", "STORE_URL: ", "STORE_ADDRESS: ", "sets STORE_ADDRESS, which nothing reads"],
    ["a value of a setting", "s3://candlecast/main", "gs://candlecast/main", "has settings that the code refuses"],
    ["variables after the names of Services", "enableServiceLinks: false", "enableServiceLinks: true", "enableServiceLinks is not false"],
    ["a ConfigMap", "configMapRef: { name: settings }", "configMapRef: { name: setting }", "ConfigMap setting, that is not there"],
    ["a Secret", "name: candlecast-secrets", "name: candlecast-secret", "Secret candlecast-secret, that no guide tells to make"],
    [
      "a selector of its own pods",
      "selector: { matchLabels: { app: worker } }\n  template",
      "selector: { matchLabels: { app: api } }\n  template",
      "doesn't select its own pods",
    ],
    ["a Service's selector", "selector: { app: worker }", "selector: { app: api }", "Service worker selects no pods"],
    ["a Service's port", "targetPort: health", "targetPort: http", "port http, which not all its pods have"],
    [
      "a policy's selector",
      "podSelector: { matchLabels: { app: worker } }",
      "podSelector: { matchLabels: { app: api } }",
      "NetworkPolicy worker selects no pods",
    ],
    ["a policy's port", "ports: [{ port: health }]", "ports: [{ port: metrics }]", "opens port metrics"],
    ["a probe's port", "port: health } }", "port: http } }", "readinessProbe on port http"],
    ["a port that nobody listens on", "containerPort: 8081", "containerPort: 8080", "has port health 8080, but its settings say 8081"],
    ["a kind of queue", "args: [worker]", "args: [worker, --queues, gpu]", "kind gpu, which the worker doesn't know"],
    ["queues that nobody polls", "args: [worker]", "args: [worker, --queues, workflow]", "no worker polls the queues of kind cpu"],
    ["an image without a fixed tag", "image: candlecast:1", "image: candlecast:latest", "without a tag that stays what it is"],
    ["a service account", "serviceAccountName: worker", "serviceAccountName: api", "ServiceAccount api, which is not there"],
    [
      "replicas that an autoscaler owns",
      "selector: { matchLabels: { app: worker } }\n  template",
      "replicas: 2\n  selector: { matchLabels: { app: worker } }\n  template",
      "each apply would reset them",
    ],
    [
      "two autoscalers",
      "---\napiVersion: keda.sh",
      `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: worker }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: worker }, maxReplicas: 2 }
---
apiVersion: keda.sh`,
      "is scaled by two at once",
    ],
  ])("%s", async (_, from, to, problem) => {
    expect(whole).toContain(from);
    expect((await check(whole.replace(from, to))).join("\n")).toContain(problem);
  });
});

describe("terraform", () => {
  test("a misspelt argument", async ({ skip }) => {
    if (!tools.terraform) skip("terraform is not on PATH");
    expect((await checkTerraform(fixture("terraform"), tools)).join("\n")).toContain('argument named "bukcet" is not expected');
  });

  test.each([
    ["store.tf", '"s3:if-match" = "true", ', "", "latest.json can be written without If-Match or If-None-Match"],
    ["store.tf", 'status = "Enabled"\n  }\n}', 'status = "Suspended"\n  }\n}', "replaced and deleted objects can't be restored"],
    ["identity.tf", 'Action   = "s3:GetObject"', 'Action   = "s3:*"', "the API may do more than read"],
    [
      "identity.tf",
      'local.prefix_arn}/*"\n      },\n      {\n        Sid       = "EncryptAndDecrypt"',
      'local.bucket_arn}/*"\n      },\n      {\n        Sid       = "EncryptAndDecrypt"',
      "the worker can write beside its prefix",
    ],
    ["cluster.tf", "http_put_response_hop_limit = 1", "http_put_response_hop_limit = 2", "pods can take the node's role"],
    ["database.tf", "publicly_accessible    = false", "publicly_accessible    = true", "it is public, or not encrypted"],
  ])(
    "its tests fail where %s loses %s",
    async (file, from, to, problem) => {
      const { terraform } = tools;
      if (!terraform) return;
      const copy = join(folder, `terraform-${file}-${problem.length}`);
      cpSync(join(ROOT, "terraform"), copy, { recursive: true });
      const text = readFileSync(join(copy, file), "utf8");
      expect(text).toContain(from);
      writeFileSync(join(copy, file), text.replace(from, to));
      const test = { "store.tf": "store", "identity.tf": "identity", "cluster.tf": "cluster", "database.tf": "database" }[file];
      expect((await checkTerraform(copy, tools, [`-filter=tests/${test}.tftest.hcl`])).join("\n")).toContain(problem);
    },
    120_000,
  );
});

describe("scripts of the fleet", () => {
  const script = (name: string, args: string[], env: NodeJS.ProcessEnv = {}, input = "") =>
    runTool(join(ROOT, "scripts", name), args, { env: { ...process.env, ...env }, input });

  test.each(["deploy.sh", "destroy.sh", "monitor.sh"])("%s has help, shows what it would do, and says what is wrong", async (name) => {
    const help = await script(name, ["--help"]);
    expect(help).toMatchObject({ code: 0, text: expect.stringContaining(`Usage: scripts/${name}`) });
    for (const environment of ["dev", "prod"]) {
      const dry = await script(name, ["--env", environment, "--dry-run"]);
      expect(dry).toMatchObject({ code: 0, text: expect.stringContaining(`candlecast-${environment}`) });
    }
    expect(await script(name, ["--env", "nowhere"])).toMatchObject({
      code: 1,
      text: expect.stringContaining("there is no terraform/envs/nowhere.tfvars"),
    });
    expect(await script(name, ["--env", "dev"])).toMatchObject({ code: 1, text: expect.stringContaining("still has the example account") });
    expect(await script(name, ["--enviroment", "dev"])).toMatchObject({
      code: 1,
      text: expect.stringContaining("unknown option --enviroment"),
    });
  });

  test("deploy-local.sh has help, shows what it would do, and says what is wrong", async () => {
    const local = (...args: string[]) => script("deploy-local.sh", args);
    expect(await local("--help")).toMatchObject({ code: 0, text: expect.stringContaining("Usage: scripts/deploy-local.sh") });
    expect(await local("--by", "compose", "--workers", "3", "--monitoring", "--dry-run")).toMatchObject({
      code: 0,
      text: expect.stringMatching(/compose --file docker-compose.temporal.yml --profile monitoring up .*--scale worker=3/),
    });
    expect(await local("--by", "processes", "--dry-run")).toMatchObject({ code: 0, text: expect.stringContaining("+ npm start") });
    expect(await local("--by", "hand")).toMatchObject({
      code: 1,
      text: expect.stringContaining("--by hand is none of compose, processes"),
    });
    expect(await local("--workers", "0")).toMatchObject({ code: 1, text: expect.stringContaining("--workers 0 is not a number") });
    expect(await local("--by", "processes", "--down")).toMatchObject({ code: 1, text: expect.stringContaining("press Ctrl-C") });
    const bin = join(folder, "no-docker");
    for (const tool of ["env", "bash", "dirname", "basename"]) cpSync(`/usr/bin/${tool}`, join(bin, tool), { dereference: true });
    const missing = await runTool(join(ROOT, "scripts", "deploy-local.sh"), ["--by", "compose"], { env: { PATH: bin } });
    expect(missing).toMatchObject({ code: 1, text: expect.stringContaining("docker is not installed; get it from https:") });
  });

  test.each(["deploy.sh", "destroy.sh", "monitor.sh"])(
    "%s names a tool that is missing, and credentials that AWS doesn't take",
    async (name) => {
      const copy = join(folder, `scripts-${name}`);
      cpSync(join(ROOT, "scripts"), join(copy, "scripts"), { recursive: true });
      cpSync(join(ROOT, "terraform", "envs"), join(copy, "terraform", "envs"), { recursive: true });
      const file = join(copy, "terraform", "envs", "dev.tfvars");
      writeFileSync(file, readFileSync(file, "utf8").replaceAll("111122223333", "444455556666"));
      const bin = join(copy, "bin");
      cpSync("/usr/bin/env", join(bin, "env"), { dereference: true });
      for (const tool of ["bash", "dirname", "basename", "sed"]) cpSync(`/usr/bin/${tool}`, join(bin, tool), { dereference: true });
      const run = () => runTool(join(copy, "scripts", name), ["--env", "dev"], { env: { PATH: bin } });
      expect(await run()).toMatchObject({
        code: 1,
        text: expect.stringMatching(/(terraform|kubectl) is not installed; get it from https:/),
      });
      for (const tool of ["terraform", "kubectl", "docker", "git"])
        writeFileSync(join(bin, tool), "#!/usr/bin/env bash\n", { mode: 0o755 });
      writeFileSync(join(bin, "aws"), "#!/usr/bin/env bash\necho 'Unable to locate credentials' >&2\nexit 255\n", { mode: 0o755 });
      expect(await run()).toMatchObject({ code: 1, text: expect.stringContaining("AWS takes no credentials") });
      writeFileSync(join(bin, "aws"), "#!/usr/bin/env bash\necho 777788889999\n", { mode: 0o755 });
      expect(await run()).toMatchObject({ code: 1, text: expect.stringContaining("the credentials are of account 777788889999") });
      writeFileSync(join(bin, "aws"), "#!/usr/bin/env bash\necho 444455556666\n", { mode: 0o755 });
      if (name === "destroy.sh") {
        const refused = await runTool(join(copy, "scripts", name), ["--env", "dev"], { env: { PATH: bin }, input: "yes\n" });
        expect(refused).toMatchObject({ code: 1, text: expect.stringContaining("that is not the bucket's name; nothing was destroyed") });
      }
    },
  );

  test("the tables of what it costs are what the script prints", async () => {
    const { code, text } = await runTool(process.execPath, [join(ROOT, "scripts", "aws-costs.mjs")]);
    expect(code).toBe(0);
    expect(readFileSync(join(ROOT, "docs", "aws-costs.md"), "utf8")).toContain(text);
  });
});
