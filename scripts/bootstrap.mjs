// Makes a fresh clone ready for the npm scripts: `node scripts/bootstrap.mjs [--build]`. Runs on the machine's own Node (20 or
// newer), with nothing installed, and does nothing when nothing is missing.
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build-state.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { runMain, SetupError } from './say.mjs';

/** What every command needs first: a Node that can run these scripts, node_modules and the pinned Node. */
export async function bootstrap() {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new SetupError(`Node 20 or newer is needed to start; this is ${process.version}.`);
  }
  await ensureDependencies();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runMain(async () => {
    await bootstrap();
    if (process.argv.includes('--build')) await ensureBuilt();
    return 0;
  });
}
