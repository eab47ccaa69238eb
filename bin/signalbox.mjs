#!/usr/bin/env node
// The command `signalbox`; what it does is in electron/cli, built to out/main/cli.js.
import { existsSync } from 'node:fs';

const built = new URL('../out/main/cli.js', import.meta.url);
if (Number.parseInt(process.versions.node, 10) < 20) {
  process.stderr.write(`signalbox: Node 20 or newer is needed; this is ${process.version}.\n`);
  process.exitCode = 2;
} else if (!existsSync(built)) {
  process.stderr.write('signalbox: it is not built yet; run "npm run build" in its folder first.\n');
  process.exitCode = 2;
} else {
  await import(built.href);
}
