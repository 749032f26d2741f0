// Bundles what checks predictions in browsers: `node scripts/bundle-checker.mjs FILE`, packed with brotli, for CHECKER_BUNDLE;
// or, as a child, sends the code. Prints sizes.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { arithmeticDigests } from "../api/browser/arithmetic.ts";

const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const shim = (name) => path(`api/browser/shims/${name}.ts`);

/** What the authors of code in the bundle ask for wherever it goes. */
const NOTICE = `/*! candlecast, Apache-2.0. Contains Apache Arrow (Copyright 2017-2025 The Apache Software Foundation) and FlatBuffers (Google), both
Apache-2.0; hyparquet and hyparquet-writer (Hyperparam) and zod (Copyright (c) 2025 Colin McDonnell), all MIT; tslib (Copyright (c)
Microsoft Corporation), 0BSD. Methods of fdlibm: Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved. Permission to
use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved. */`;

const { outputFiles, metafile } = await build({
  absWorkingDir: path(""),
  entryPoints: [path("api/browser/checker.ts")],
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: "esm",
  platform: "browser",
  target: "es2023",
  charset: "utf8",
  legalComments: "none",
  banner: { js: NOTICE },
  alias: { "node:crypto": shim("node-crypto"), "hyparquet-compressors": shim("compressors") },
  inject: [shim("node-buffer"), shim("math")],
  define: {
    CANDLECAST_ARITHMETIC: JSON.stringify(arithmeticDigests()),
    "Math.exp": "portableExp",
    "Math.log": "portableLog",
    "Math.sin": "portableSin",
    "Math.cos": "portableCos",
  },
  plugins: [{ name: "english", setup: (own) => own.onResolve({ filter: /\/locales\/index\.js$/ }, () => ({ path: shim("zod-locales") })) }],
});
const [{ contents, text }] = outputFiles;
if (process.send) process.send(text, () => process.disconnect());
else {
  const packed = brotliCompressSync(contents);
  const [output] = Object.values(metafile.outputs);
  const rooms = Map.groupBy(
    Object.entries(output.inputs),
    ([file]) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? file.split("/")[0],
  );
  for (const [room, inputs] of [...rooms].sort()) {
    const bytes = inputs.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
    process.stdout.write(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${room}\n`);
  }
  process.stdout.write(`${(contents.byteLength / 1000).toFixed(1)} kB, ${(packed.byteLength / 1000).toFixed(1)} kB by brotli\n`);
  writeFileSync(process.argv[2] ?? "checker.mjs.br", packed);
}
