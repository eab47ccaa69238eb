// The app inside the stand-in distribution, which has no default_app.asar. It does for `electron [-r module] <app> …`
// what Electron's own default app does: preload modules, take over the app's identity, run its main module.
// Electron waits for this module's top-level await before it emits 'ready', so the app may still call what is only
// allowed before that.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

function readCommandLine(args) {
  const preloads = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index];
    if (arg === '-r' || arg === '--require') {
      index += 1;
      preloads.push(args[index]);
    } else if (arg.startsWith('--require=')) {
      preloads.push(arg.slice('--require='.length));
    } else if (!arg.startsWith('-')) {
      return { preloads, target: arg };
    }
  }
  return { preloads, target: undefined };
}

const { preloads, target } = readCommandLine(process.argv.slice(1));
if (target === undefined) {
  process.stderr.write('This Electron needs the folder of an app as its first argument.\n');
  process.exit(2);
}

// As in Electron's default app: apps tell by this that argv[1] is their own folder.
process.defaultApp = true;

const require = createRequire(import.meta.url);
for (const preload of preloads) require(resolve(preload));

const path = resolve(target);
let main = path;
if (statSync(path).isDirectory()) {
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  main = join(path, manifest.main ?? 'index.js');
  app.setName(manifest.productName ?? manifest.name);
  app.setVersion(manifest.version);
  app.setAppPath(path);
} else {
  app.setAppPath(dirname(path));
}

try {
  await import(pathToFileURL(main).href);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
