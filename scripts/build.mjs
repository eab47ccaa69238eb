// npm run build: rebuilds out/.
import { bootstrap } from './bootstrap.mjs';
import { ensureBuilt } from './build-state.mjs';
import { runMain } from './say.mjs';

await runMain(async () => {
  await bootstrap();
  await ensureBuilt({ always: true });
  return 0;
});
