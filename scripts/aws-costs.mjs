#!/usr/bin/env node
// What an environment of terraform/envs costs a month, from the list prices below: node scripts/aws-costs.mjs [NAME…]
// With --write it puts the tables into docs/aws-costs.md.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DOCUMENT = join(ROOT, "docs", "aws-costs.md");
const HOURS = 730;

/** USD, on-demand list prices of eu-central-1, noted in November 2026 and to be checked at aws.amazon.com/pricing. */
export const PRICES = {
  eksHour: 0.1,
  instanceHour: { "m7i-flex.large": 0.1146, "m7i-flex.xlarge": 0.2292, "m7i-flex.2xlarge": 0.4585 },
  diskGibMonth: 0.0952,
  natHour: 0.052,
  natGib: 0.052,
  addressHour: 0.005,
  balancerHour: 0.027,
  balancerUnitHour: 0.008,
  storeGibMonth: 0.0245,
  thousandPuts: 0.0054,
  thousandGets: 0.00043,
  keyMonth: 1,
  databaseHour: { "db.t4g.medium": 0.08, "db.t4g.large": 0.16, "db.m7g.large": 0.195 },
  databaseGibMonth: 0.137,
  logGib: 0.63,
  logGibMonth: 0.0324,
  imageGibMonth: 0.1,
  alarmMonth: 0.1,
  secretMonth: 0.4,
  temporalCloudMonth: 100,
};

/** What is used besides what the variables say: a fleet of a dozen coins, a daily run, two pods of the API. */
export const USE = { storeGib: 10, putsAMonth: 60_000, apiPods: 2, natGib: 20, logGib: 5, images: 10, imageGib: 0.15, nodeDiskGib: 40 };
/** The API looks at the pointer every three seconds. */
const POLLS_A_MONTH = (HOURS * 3600) / 3;

/** Lines of an environment's month: what, what drives it, the arithmetic, USD. */
export function monthlyCosts(variables) {
  const { zones, natPerZone, instanceType, nodes, selfHosted, database, noncurrentDays, logDays } = variables;
  const nats = natPerZone ? zones : 1;
  const standby = database.multi_az ? 2 : 1;
  const alarms = selfHosted ? 6 : 3;
  // What is replaced or deleted within noncurrent_days is stored beside what is current.
  const kept = 1 + noncurrentDays / 30;
  const polls = USE.apiPods * POLLS_A_MONTH;
  return [
    line("EKS cluster", "", [HOURS, "h", PRICES.eksHour]),
    line(`nodes: ${nodes} × ${instanceType}`, "node_count.min, node_instance_types", [
      nodes * HOURS,
      "h",
      priceOf(PRICES.instanceHour, instanceType),
    ]),
    line("their disks", "node_count.min", [nodes * USE.nodeDiskGib, "GiB", PRICES.diskGibMonth]),
    line(`NAT gateways: ${nats}`, "nat_per_zone, zones", [nats * HOURS, "h", PRICES.natHour], [USE.natGib, "GiB", PRICES.natGib]),
    line("public addresses", "nat_per_zone, zones", [(nats + zones) * HOURS, "h", PRICES.addressHour]),
    line("load balancer", "", [HOURS, "h", PRICES.balancerHour], [HOURS, "units", PRICES.balancerUnitHour]),
    line("S3: kept", "noncurrent_days", [USE.storeGib * kept, "GiB", PRICES.storeGibMonth]),
    line(
      "S3: requests",
      "pods of the API",
      [USE.putsAMonth / 1000, "thousand puts", PRICES.thousandPuts],
      [polls / 1000, "thousand gets", PRICES.thousandGets],
    ),
    line("KMS key", "", [1, "key", PRICES.keyMonth]),
    line("images", "", [USE.images * USE.imageGib, "GiB", PRICES.imageGibMonth]),
    line("logs", "log_days", [USE.logGib, "GiB", PRICES.logGib], [(USE.logGib * logDays) / 30, "GiB kept", PRICES.logGibMonth]),
    line("alarms", "", [alarms, "alarms", PRICES.alarmMonth]),
    ...(selfHosted
      ? [
          line(`PostgreSQL: ${standby} × ${database.instance_class}`, "database.instance_class, multi_az", [
            standby * HOURS,
            "h",
            priceOf(PRICES.databaseHour, database.instance_class),
          ]),
          line("its storage", "database.storage_gib, multi_az", [standby * database.storage_gib, "GiB", PRICES.databaseGibMonth]),
          line("its password", "", [1, "secret", PRICES.secretMonth]),
        ]
      : [line("Temporal Cloud, its smallest plan", "temporal_mode", [1, "month", PRICES.temporalCloudMonth])]),
  ];
}

function line(what, drivenBy, ...parts) {
  return {
    what,
    drivenBy,
    arithmetic: parts.map(([amount, unit, price]) => `${round(amount)} ${unit} × ${price}`).join(" + "),
    usd: parts.reduce((sum, [amount, , price]) => sum + amount * price, 0),
  };
}

function priceOf(prices, name) {
  if (!(name in prices)) throw new Error(`scripts/aws-costs.mjs knows no price of ${name}; add it to PRICES`);
  return prices[name];
}

function round(amount) {
  return Number(amount.toFixed(2)).toLocaleString("en-US");
}

/** Variables of an environment, with the defaults of terraform/variables.tf. */
export function readVariables(name) {
  const text = readFileSync(join(ROOT, "terraform", "envs", `${name}.tfvars`), "utf8");
  const defaults = readFileSync(join(ROOT, "terraform", "variables.tf"), "utf8");
  const preset = (variable) => new RegExp(`variable "${variable}" \\{[\\s\\S]*?\\n {2}default +=(.*)`).exec(defaults)?.[1].trim();
  const raw = (variable) => new RegExp(`^${variable} *= *(.*?)(?: #.*)?$`, "m").exec(text)?.[1] ?? preset(variable);
  const field = (object, key) => new RegExp(`\\b${key} *= *"?([\\w.-]+)`).exec(object)?.[1];
  const databasePreset = (key) => new RegExp(`\\b${key} += optional\\(\\w+, "?([\\w.-]+)"?\\)`).exec(defaults)?.[1];
  const ofDatabase = (key) => field(raw("database"), key) ?? databasePreset(key);
  return {
    zones: Number(raw("zones")),
    natPerZone: raw("nat_per_zone") === "true",
    instanceType: /"([^"]+)"/.exec(raw("node_instance_types"))[1],
    nodes: Number(field(raw("node_count"), "min")),
    selfHosted: raw("temporal_mode") === '"self-hosted"',
    database: {
      instance_class: ofDatabase("instance_class"),
      storage_gib: Number(ofDatabase("storage_gib")),
      multi_az: ofDatabase("multi_az") === "true",
    },
    noncurrentDays: Number(raw("noncurrent_days")),
    logDays: Number(raw("log_days")),
    budget: Number(raw("monthly_budget_usd")),
  };
}

/** The tables of docs/aws-costs.md, in Markdown. */
export function costTables(names) {
  return names
    .map((name) => {
      const variables = readVariables(name);
      const lines = monthlyCosts(variables);
      const total = lines.reduce((sum, { usd }) => sum + usd, 0);
      const rows = lines.map(({ what, drivenBy, arithmetic, usd }) => {
        const driver = drivenBy
          .split(", ")
          .map((each) => (/[_.]/.test(each) ? `\`${each}\`` : each))
          .join(", ");
        return `| ${what} | ${driver} | ${arithmetic} | ${usd.toFixed(2)} |`;
      });
      return [
        `### ${name}`,
        "| | driven by | | USD a month |",
        "|---|---|---|---:|",
        ...rows,
        `| **total**, with \`monthly_budget_usd\` ${variables.budget} | | | **${total.toFixed(2)}** |`,
      ].join("\n");
    })
    .join("\n\n");
}

export function environments() {
  return readdirSync(join(ROOT, "terraform", "envs"))
    .filter((file) => file.endsWith(".tfvars"))
    .map((file) => basename(file, ".tfvars"))
    .sort();
}

/** The document with its tables made anew. */
export function updatedDocument() {
  const text = readFileSync(DOCUMENT, "utf8");
  return text.replace(/(<!-- tables -->\n)[\s\S]*(<!-- \/tables -->)/, (_, begin, end) => `${begin}${costTables(environments())}\n${end}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const given = process.argv.slice(2);
  if (given.includes("--write")) writeFileSync(DOCUMENT, updatedDocument());
  else console.log(costTables(given.length > 0 ? given : environments()));
}
