// Reads the schema of Terraform's AWS provider out of published bindings: extract-aws-schema.mjs BINDINGS OUTPUT
//
// The bindings (cdktn-provider-aws) are generated from the provider's schema, one module per resource. Each module has, for
// every block, a function `…ToHclTerraform` with the kinds of its arguments and a class with a comment like
// `// name - computed: true, optional: false, required: false` over each of them. Provider, resources and data sources are
// written as go/aws-schema-stub reads them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PRIMITIVES = { string: "string", number: "number", boolean: "bool" };
const GETTERS = {
  getStringAttribute: "string",
  getNumberAttribute: "number",
  getBooleanAttribute: "bool",
  getListAttribute: ["list", "string"],
  getNumberListAttribute: ["list", "number"],
  getStringMapAttribute: ["map", "string"],
  getNumberMapAttribute: ["map", "number"],
  getBooleanMapAttribute: ["map", "bool"],
  getAnyMapAttribute: ["map", "string"],
};
const ROOTS = { TerraformProvider: "provider", TerraformResource: "resources", TerraformDataSource: "data" };
const ENTRY =
  /^\s+"?(?<name>[a-z0-9_]+)"?: \{\n\s+value: (?<value>.*),\n\s+isBlock: (?<isBlock>\w+),\n\s+type: "(?<type>\w+)",\n\s+storageClassType: "(?<storage>\w+)",\n/gm;
const FIELD =
  /\/\/ (?<name>[a-z0-9_]+) - computed: (?<computed>\w+), optional: (?<optional>\w+), required: (?<required>\w+)\n(?<code>[\s\S]*?)(?=\n\s+\/\/ [a-z0-9_]+ - computed|$)/g;
/** Blocks within blocks of some resources have no end. */
const DEEPEST = 12;

const [bindings, output] = process.argv.slice(2);
const schema = { provider: null, resources: {}, data: {} };
for (const folder of readdirSync(bindings)) {
  const file = join(bindings, folder, "index.js");
  if (existsSync(file)) readModule(readFileSync(file, "utf8"));
}
writeFileSync(output, JSON.stringify(schema));

/** Adds what a module defines to the schema. */
function readModule(source) {
  const tables = new Map(
    [...source.matchAll(/^(?:export )?function (\w+)ToHclTerraform\(struct\) \{\n([\s\S]*?)\n\}/gm)].map(([, name, body]) => [
      name.toLowerCase(),
      readTable(body),
    ]),
  );
  const classes = new Map(
    [...source.matchAll(/^(?:export )?class (\w+) extends cdktn\.(\w+) \{\n([\s\S]*?)\n\}/gm)].map(([, name, base, body]) => [
      name,
      { base, body },
    ]),
  );
  for (const [name, { base, body }] of classes) {
    const type = /static tfResourceType = "(\w+)"/.exec(body)?.[1];
    if (!type || !ROOTS[base]) continue;
    const table = readTable(/synthesizeHclAttributes\(\) \{\n([\s\S]*?)\n {4}\}/.exec(body)?.[1] ?? "");
    const block = readBlock({ tables, classes }, name, table, 0);
    if (base === "TerraformProvider") schema.provider = block;
    else schema[ROOTS[base]][type.replace(/^data_/, "")] = block;
  }
}

function readTable(text) {
  return Object.fromEntries(
    [...text.matchAll(ENTRY)].map(({ groups }) => [groups.name, { ...groups, isBlock: groups.isBlock === "true" }]),
  );
}

/** Arguments of a class, with how each is read: by a getter, or through another class. */
function readFields({ classes }, className) {
  const body = classes.get(className)?.body ?? "";
  return [...body.matchAll(FIELD)].map(({ groups: { name, code, ...flags } }) => {
    const through = /new (\w+)\(this, "[a-z0-9_]+"(?:, (true|false))?\)/.exec(code);
    return {
      name,
      flags: Object.fromEntries(Object.entries(flags).map(([flag, value]) => [flag, value === "true"])),
      through: through && { className: through[1], isSet: through[2] === "true" },
      getter: /this\.(get\w+)\('/.exec(code)?.[1],
      isSet: /Fn\.tolist\(this/.test(code),
    };
  });
}

function readBlock(module, className, table, depth) {
  const block = { attributes: {}, block_types: {} };
  for (const field of readFields(module, className)) {
    const entry = table[field.name];
    if (entry?.isBlock && depth < DEEPEST) block.block_types[field.name] = readNested(module, field, entry, depth);
    else block.attributes[field.name] = { type: typeOf(module, field, entry, 0), ...field.flags };
  }
  return block;
}

function readNested(module, { name, flags, through }, { type, value }, depth) {
  const nesting_mode = name === "timeouts" || type === "struct" ? "single" : type === "set" || type === "map" ? type : "list";
  if (!through) {
    // Blocks of the provider itself have no class.
    const inner = module.tables.get((/(\w+)ToHclTerraform/.exec(value)?.[1] ?? "").toLowerCase()) ?? {};
    const attributes = Object.entries(inner).map(([each, entry]) => [each, { type: typeOf(module, {}, entry, 0), optional: true }]);
    return { nesting_mode, block: { attributes: Object.fromEntries(attributes), block_types: {} } };
  }
  const item = itemClass(module, through.className);
  return {
    nesting_mode,
    block: readBlock(module, item ?? through.className, tableOf(module, item ?? through.className), depth + 1),
    ...(item === null && nesting_mode !== "single" && { max_items: 1 }),
    ...(flags.required && { min_items: 1 }),
  };
}

/** The class of a list's or map's items; null for a class that is no list. */
function itemClass({ classes }, className) {
  const found = classes.get(className);
  if (found?.base !== "ComplexList" && found?.base !== "ComplexMap") return null;
  return /return new (\w+)\(this\.terraformResource/.exec(found.body)?.[1] ?? null;
}

function tableOf({ tables }, className) {
  return tables.get(className.replace(/OutputReference$/, "").toLowerCase()) ?? {};
}

/** A type as Terraform writes it in JSON. */
function typeOf(module, { through, getter, isSet }, entry, depth) {
  if (depth > DEEPEST) return "string";
  if (through) return typeThrough(module, through, depth);
  if (entry && !entry.isBlock) {
    const collection = entry.type === "set" ? "set" : "list";
    if (entry.type === "simple" && PRIMITIVES[entry.storage]) return PRIMITIVES[entry.storage];
    const [, item, of] = /^(string|number|boolean|any)(ListList|MapList|ListMap|MapMap|List|Map)$/.exec(entry.storage) ?? [];
    const primitive = PRIMITIVES[item] ?? "string";
    if (of === "List") return [collection, primitive];
    if (of === "Map") return ["map", primitive];
    if (of === "ListList") return [collection, ["list", "string"]];
    if (of === "MapList") return [collection, ["map", "string"]];
    if (of === "ListMap") return ["map", ["list", "string"]];
    if (of === "MapMap") return ["map", ["map", "string"]];
  }
  const type = GETTERS[getter] ?? "string";
  return isSet && type[0] === "list" ? ["set", type[1]] : type;
}

function typeThrough(module, { className, isSet }, depth) {
  const item = itemClass(module, className);
  if (item !== null)
    return [module.classes.get(className).base === "ComplexMap" ? "map" : isSet ? "set" : "list", objectType(module, item, depth + 1)];
  if (/^(String|Any|Number|Boolean)Map$/.test(className))
    return ["map", className === "NumberMap" ? "number" : className === "BooleanMap" ? "bool" : "string"];
  return module.classes.has(className) ? objectType(module, className, depth + 1) : "string";
}

function objectType(module, className, depth) {
  const table = tableOf(module, className);
  return [
    "object",
    Object.fromEntries(readFields(module, className).map((field) => [field.name, typeOf(module, field, table[field.name], depth)])),
  ];
}
