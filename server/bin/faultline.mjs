#!/usr/bin/env node
import { existsSync } from "node:fs";
import module from "node:module";

// The analyzer is nine megabytes of JavaScript: from Node 22.8 on it is compiled once and not with every start.
module.enableCompileCache?.();

const program = new URL("../dist/cli.js", import.meta.url);
if (existsSync(program)) {
  const { main } = await import(program.href);
  await main(process.argv);
} else {
  console.error(
    "faultline: it is not built: dist/cli.js is missing.\n\nIn a checkout run npm run build; elsewhere install the package again.",
  );
  process.exitCode = 2;
}
