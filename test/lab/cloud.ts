import { fileURLToPath } from "node:url";
import { GetObjectCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { dayInput } from "../chaos/series.ts";
import { startWorld, type World } from "../chaos/world.ts";
import { checkTerraform, statesOfTest } from "../infra/checks/terraform.ts";
import { type Call, callsOf, isAllowed, type Place, type S3Request, type Statement } from "../infra/iam.ts";
import { getTools } from "../infra/tools.ts";
import { startFaultyProxy } from "../storage/faulty-proxy.ts";
import { Findings, type LabRow } from "./row.ts";

const TERRAFORM = fileURLToPath(new URL("../../terraform", import.meta.url));
/** What terraform/tests names. */
const PLACE: Place = {
  bucketArn: "arn:aws:s3:::candlecast-test-store-111122223333",
  keyArn: "arn:aws:kms:eu-central-1:111122223333:key/test",
  region: "eu-central-1",
};
/** The prefix that the roles have in the bucket, and the pointer in it. */
const PREFIX = "main";
const POINTER = `${PLACE.bucketArn}/${PREFIX}/manifests/latest.json`;
const ROLES = ["worker", "api"] as const;
type Role = (typeof ROLES)[number];
type Policies = Readonly<Record<Role | "bucket", readonly Statement[]>>;

/**
 * Terraform's files are valid and pass their tests. A pipeline and the API run against a real S3 server, each as a user with its
 * role's statements, and every call that they make is tried on the policies: all are allowed, no action is granted that nobody
 * uses, and what must be impossible is denied.
 */
export async function checkCloud(): Promise<LabRow> {
  const findings = new Findings();
  const tools = await getTools();
  if (!tools.terraform) return { name: "Terraform and roles", figures: {}, problems: [], skipped: "terraform is not on PATH" };
  const problems = await checkTerraform(TERRAFORM, tools);
  findings.must(problems.length === 0, problems.slice(0, 3).join("; "));
  const [identity, store] = [
    await statesOfTest(TERRAFORM, tools, "identity.tftest.hcl"),
    await statesOfTest(TERRAFORM, tools, "store.tftest.hcl"),
  ];
  const statementsAt = (states: typeof identity, address: string) =>
    (JSON.parse(String(states.get(address)?.policy)) as { Statement: Statement[] }).Statement;
  const policies: Policies = {
    worker: statementsAt(identity, 'aws_iam_role_policy.pod["worker"]'),
    api: statementsAt(identity, 'aws_iam_role_policy.pod["api"]'),
    bucket: statementsAt(store, "aws_s3_bucket_policy.store"),
  };
  const requests = await recordRequests(policies, findings);
  for (const role of ROLES) simulate(role, requests[role], policies, findings);
  checkForbidden(policies, findings);
  return findings.row("Terraform and roles");
}

/** Runs a pipeline and the API as two users of an S3 server, and says what each asked for. */
async function recordRequests(policies: Policies, findings: Findings): Promise<Readonly<Record<Role, S3Request[]>>> {
  const world = await startWorld();
  const proxies = { worker: await startFaultyProxy(world.s3.endpoint), api: await startFaultyProxy(world.s3.endpoint) };
  try {
    const secrets = { worker: await world.s3.addUser("worker"), api: await world.s3.addUser("api") };
    await grant(world, policies);
    const envOf = (role: Role) => ({ AWS_ACCESS_KEY_ID: role, AWS_SECRET_ACCESS_KEY: secrets[role], S3_ENDPOINT: proxies[role].endpoint });
    const universe = world.universe(PREFIX);
    const early = await universe.startApi(envOf("api"));
    const { status: nothingYet } = await fetch(`${early.url}/symbol/ETH`);
    findings.must(nothingYet === 503, `with the API's role an empty store answers ${nothingYet}`);
    await early.process.kill("SIGTERM");
    const worker = universe.startWorker(envOf("worker"));
    await worker.ready;
    for (const day of [0, 1]) {
      const { manifest, summary } = await universe.run(`day-${day}`, dayInput(day));
      findings.must(manifest?.published === true, `with the worker's role the pipeline published nothing: ${summary}`);
    }
    const { url } = await universe.startApi(envOf("api"));
    for (const path of ["/symbol/ETH", "/symbol/ETH/report.json", "/health"]) {
      const { status } = await fetch(`${url}${path}`);
      findings.must(status === 200, `with the API's role ${path} answers ${status}`);
    }
    await checkWrites(world, secrets, findings);
    return { worker: proxies.worker.requests, api: proxies.api.requests };
  } finally {
    await world.stop();
    for (const proxy of Object.values(proxies)) await proxy.stop();
  }
}

/** Gives both users the statements of their roles, as a bucket's policy; conditions are left to the simulation. */
async function grant({ s3 }: World, policies: Policies): Promise<void> {
  const here = (resource: string) => resource.replace(PLACE.bucketArn, `arn:aws:s3:::${s3.bucket}`);
  const statements = ROLES.flatMap((role) =>
    policies[role]
      .filter(({ Action }) => [Action].flat().every((action) => action.startsWith("s3:")))
      .map(({ Effect, Action, Resource }) => ({ Effect, Principal: { AWS: [role] }, Action, Resource: [Resource].flat().map(here) })),
  );
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  await clientOf(s3.endpoint, s3.accessKey, s3.secretKey).send(new PutBucketPolicyCommand({ Bucket: s3.bucket, Policy }));
}

async function checkWrites({ s3 }: World, secrets: Readonly<Record<Role, string>>, findings: Findings): Promise<void> {
  const tries = [
    { role: "api", Key: `${PREFIX}/probes/x`, what: "write" },
    { role: "worker", Key: "elsewhere/x", what: "write beside its prefix" },
  ] as const;
  for (const { role, Key, what } of tries) {
    const client = clientOf(s3.endpoint, role, secrets[role]);
    const refused = await isRefused(client.send(new PutObjectCommand({ Bucket: s3.bucket, Key, Body: "x" })));
    findings.must(refused, `the ${role} can ${what}`);
  }
  const stranger = clientOf(s3.endpoint, "stranger", await s3.addUser("stranger"));
  const Key = `${PREFIX}/manifests/latest.json`;
  findings.must(await isRefused(stranger.send(new GetObjectCommand({ Bucket: s3.bucket, Key }))), "a user without a role can read");
}

async function isRefused(sending: Promise<unknown>): Promise<boolean> {
  try {
    await sending;
    return false;
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 403) return true;
    throw error;
  }
}

function clientOf(endpoint: string, accessKeyId: string, secretAccessKey: string): S3Client {
  return new S3Client({ endpoint, forcePathStyle: true, region: "us-east-1", credentials: { accessKeyId, secretAccessKey } });
}

/** Every call is allowed, and none would be without each of the actions that the role has. */
function simulate(role: Role, requests: readonly S3Request[], policies: Policies, findings: Findings): void {
  const calls = requests.flatMap((request) => callsOf(request, PLACE));
  const statements = [...policies[role], ...policies.bucket];
  const denied = calls.filter((call) => !isAllowed(statements, call));
  findings.must(denied.length === 0, `the ${role}'s role refuses ${denied[0]?.action} on ${denied[0]?.resource}`);
  const used = new Set(calls.map(({ action }) => action));
  const granted = policies[role].flatMap(({ Action }) => [Action].flat());
  const unused = granted.filter((action) => !used.has(action));
  // Parts of a multipart upload are read back with the key; puts of one part don't show it.
  findings.must(unused.length === 0, `the ${role} never uses ${unused.join(", ")}`);
  findings.figures[`calls of the ${role}`] = calls.length;
  findings.figures[`actions of the ${role}`] = [...used].sort().join(" ");
}

const SECURE = { "aws:SecureTransport": "true", "s3:TlsVersion": "1.3" };
const UNKNOWN: Call["context"] = {};
const BY_S3 = { "kms:ViaService": `s3.${PLACE.region}.amazonaws.com` };

/** What must be impossible, by role. */
const FORBIDDEN: readonly (Call & { readonly role: Role; readonly what: string })[] = [
  ...(["s3:PutObject", "s3:DeleteObject"] as const).map((action) => ({
    role: "api" as const,
    what: action,
    action,
    resource: `${PLACE.bucketArn}/${PREFIX}/models/x.json`,
    context: { ...SECURE, "s3:if-match": "x" },
  })),
  { role: "api", what: "encrypt", action: "kms:GenerateDataKey", resource: PLACE.keyArn, context: BY_S3 },
  ...ROLES.flatMap((role) => [
    { role, what: "read beside its prefix", action: "s3:GetObject", resource: `${PLACE.bucketArn}/other/x`, context: SECURE },
    {
      role,
      what: "list beside its prefix",
      action: "s3:ListBucket",
      resource: PLACE.bucketArn,
      context: { ...SECURE, "s3:prefix": "other/" },
    },
    { role, what: "read without TLS", action: "s3:GetObject", resource: POINTER, context: { "aws:SecureTransport": "false" } },
    { role, what: "read with old TLS", action: "s3:GetObject", resource: POINTER, context: { ...SECURE, "s3:TlsVersion": "1.1" } },
    { role, what: "change the bucket's policy", action: "s3:PutBucketPolicy", resource: PLACE.bucketArn, context: SECURE },
    { role, what: "delete versions", action: "s3:DeleteObjectVersion", resource: POINTER, context: SECURE },
    { role, what: "decrypt by itself", action: "kms:Decrypt", resource: PLACE.keyArn, context: UNKNOWN },
    { role, what: "use another bucket", action: "s3:GetObject", resource: "arn:aws:s3:::other/main/x", context: SECURE },
  ]),
  { role: "worker", what: "write the pointer without a condition", action: "s3:PutObject", resource: POINTER, context: SECURE },
  { role: "worker", what: "delete the pointer", action: "s3:DeleteObject", resource: POINTER, context: SECURE },
];

function checkForbidden(policies: Policies, findings: Findings): void {
  for (const { role, what, ...call } of FORBIDDEN)
    findings.must(!isAllowed([...policies[role], ...policies.bucket], call), `the ${role} may ${what}`);
  findings.figures["forbidden calls tried"] = FORBIDDEN.length;
}
