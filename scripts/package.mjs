// npm run package [-- deb rpm tar.gz …] [--out DIR] [--compression none]: builds the packages that this platform can build.
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { ensureBuilt } from './build-state.mjs';
import { runNode } from './command.mjs';
import { ensureElectron } from './electron-dist.mjs';
import { root } from './paths.mjs';
import { runMain } from './say.mjs';

await runMain(async () => {
  await bootstrap();
  await Promise.all([ensureBuilt(), ensureElectron()]);
  // A process of its own: the machine's Node may be too old for the packaging tools.
  const { code } = await runNode([join(root, 'scripts', 'package', 'make-packages.mjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  return code;
});
