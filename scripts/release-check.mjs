// npm run release:check: says what keeps this state from being released.
import { bootstrap } from './bootstrap.mjs';
import { run } from './command.mjs';
import { electronDist } from './electron-dist.mjs';
import { readRelease, releaseProblems } from './release.mjs';
import { runMain, say } from './say.mjs';

await runMain(async () => {
  await bootstrap();
  const { code, output } = await run('git', ['status', '--porcelain'], { quiet: true });
  const release = readRelease();
  const problems = releaseProblems({
    ...release,
    isClean: code === 0 && output.trim() === '',
    electron: electronDist()?.kind,
  });
  for (const problem of problems) say(`${problem}.`);
  if (problems.length === 0) say(`Version ${release.manifest.version} can be released.`);
  return problems.length === 0 ? 0 : 1;
});
