// Run around `npm pack`: the tarball carries the locked versions, so that it installs what was tested. `write` and `remove`.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.mjs';
import { readJson } from '../stamp.mjs';

const target = join(root, 'npm-shrinkwrap.json');

/** The lockfile without what only development needs. */
export function productionLock(lock) {
  const { devDependencies: _, ...own } = lock.packages[''];
  const kept = Object.entries(lock.packages).filter(
    ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
  );
  return { ...lock, packages: { '': own, ...Object.fromEntries(kept) } };
}

if (process.argv[2] === 'write') {
  writeFileSync(target, `${JSON.stringify(productionLock(readJson(join(root, 'package-lock.json'))), null, 2)}\n`);
} else if (process.argv[2] === 'remove') {
  rmSync(target, { force: true });
}
