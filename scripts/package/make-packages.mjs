// Run by package.mjs under the pinned Node: the app folder, then each package of it.
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../paths.mjs';
import { runMain, SetupError, say } from '../say.mjs';
import { bundleApp } from './bundle-app.mjs';
import { folderBytes } from './folder-bytes.mjs';
import { makers, unavailable } from './makers.mjs';

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

function readArguments(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { out: { type: 'string' }, compression: { type: 'string', default: 'xz' } },
  });
  const own = makers[process.platform] ?? {};
  const unknown = positionals.find((name) => own[name] === undefined);
  if (unknown !== undefined) {
    throw new SetupError(`${process.platform} builds ${Object.keys(own).join(', ')}, not ${unknown}.`);
  }
  return {
    names: positionals.length > 0 ? positionals : Object.keys(own),
    out: resolve(values.out ?? join(root, 'packages')),
    compression: values.compression,
  };
}

await runMain(async () => {
  const { names, out, compression } = readArguments(process.argv.slice(2));
  const work = mkdtempSync(join(tmpdir(), 'signalbox-package-'));
  let failures = 0;
  try {
    mkdirSync(out, { recursive: true });
    const app = await bundleApp(work);
    say(`The app: ${megabytes(folderBytes(app.folder))} unpacked, Electron ${app.electronVersion}.`);
    for (const name of names) {
      const missing = unavailable(name);
      if (missing !== undefined) {
        say(`${name}: not built, because ${missing}`);
        continue;
      }
      try {
        for (const file of await makers[process.platform][name]({ ...app, out, work, compression })) {
          say(`${name}: ${basename(file)}, ${megabytes(statSync(file).size)}, in ${out}`);
        }
      } catch (error) {
        failures += 1;
        say(`${name}: ${error instanceof SetupError ? error.message : (error.stack ?? String(error))}`);
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return failures === 0 ? 0 : 1;
});
