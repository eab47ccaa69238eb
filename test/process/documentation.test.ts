import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { makePlace, startSignalbox } from './signalbox.ts';

const root = join(import.meta.dirname, '../..');

/** The config files that a document shows, with the heading each stands under. */
function configsIn(file: string): { title: string; yaml: string }[] {
  const found: { title: string; yaml: string }[] = [];
  let title = '';
  for (const part of readFileSync(join(root, file), 'utf8').split(/^(?=#+ |```)/m)) {
    if (part.startsWith('#')) title = part.slice(0, part.indexOf('\n')).replace(/^#+ /, '');
    else if (part.startsWith('```yaml\nversion: 1\n')) found.push({ title, yaml: part.slice('```yaml\n'.length) });
  }
  return found;
}

const configs = ['README.md', 'docs/config-file.md'].flatMap((file) =>
  configsIn(file).map(({ title, yaml }) => ({ name: `${file}: ${title}`, yaml })),
);

/** Whatever the examples refer to: secrets in the environment, keys and scripts beside the file. */
async function provide(folder: string, yaml: string): Promise<Record<string, string>> {
  const { publicKey } = await generateKeyPair('RS256', { extractable: true });
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] }));
  for (const [, script = ''] of yaml.matchAll(/file: (\S+\.ts)\b/g)) {
    const file = join(folder, script);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'export default () => null;\n');
  }
  const names = [...yaml.matchAll(/env: ([A-Z_]+)/g)].map(([, name = '']) => name);
  return Object.fromEntries(
    names.map((name) => [
      name,
      name.startsWith('DECK') ? `whsec_${Buffer.from(name.padEnd(24)).toString('base64')}` : name,
    ]),
  );
}

describe('the config files of the documentation', () => {
  it('are there for each of the five systems', () => {
    expect(configs.map(({ name }) => name)).toEqual([
      'README.md: RevoEngine',
      'README.md: Flatfile',
      'README.md: Deck',
      'README.md: Next Identity',
      'README.md: CETA iCFM',
      'docs/config-file.md: Config file',
    ]);
  });

  it.each(configs)('are taken as they stand: $name', async ({ yaml }) => {
    const place = makePlace();
    const env = await provide(place.dir, yaml);
    const box = await startSignalbox({ dataDir: place.dataDir, config: yaml, env });
    try {
      const { items: sources } = await box.call('sources.list', {});
      const { items: listeners } = await box.call('listeners.list', {});
      const mine = [...sources, ...listeners].filter(({ owner }) => owner === 'config');
      expect(mine.length).toBeGreaterThan(1);
      expect(mine.filter(({ problem }) => problem !== null)).toEqual([]);
    } finally {
      await box.end();
      place.remove();
    }
  });
});
