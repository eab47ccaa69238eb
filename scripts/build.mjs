// npm run build: out/, made anew.
import { bootstrap } from './bootstrap.mjs';
import { ensureBuilt } from './build-state.mjs';
import { runMain } from './say.mjs';

await runMain(async () => {
  await bootstrap();
  await ensureBuilt({ always: true });
  return 0;
});
