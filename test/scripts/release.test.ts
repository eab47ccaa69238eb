import { expect, it } from 'vitest';
import { readRelease, releaseProblems } from '../../scripts/release.mjs';

type Checked = Parameters<typeof releaseProblems>[0];

const release = (changelog: string, more: Partial<Checked> = {}): Checked => ({
  manifest: { version: '1.2.0' },
  lock: { version: '1.2.0', packages: { '': { version: '1.2.0' } } },
  jobApi: {},
  changelog: `# Changelog\n\n${changelog}`,
  isClean: true,
  electron: 'official',
  ...more,
});

it('finds nothing wrong with a dated entry of a clean state', () => {
  const text =
    '## Unreleased\n\n## 1.2.0 – 2026-12-01\n\n### Added\n\n- Packages.\n\n## 1.1.0 – 2026-01-01\n\n- Old.\n';
  expect(releaseProblems(release(text))).toEqual([]);
});

it.each([
  ['no entry', '## 1.1.0 – 2026-01-01\n\n- Old.\n', {}, 'no entry, neither'],
  ['an empty one', '## Unreleased\n\n## 1.2.0 – 2026-12-01\n\n### Added\n', {}, 'no entry, neither'],
  ['no section', '## Unreleased\n\n- New.\n', {}, 'no section "## 1.2.0'],
  [
    'a section of another version',
    '## Unreleased\n\n- New.\n\n## 1.2.01 – 2026-12-01\n\n- x\n',
    {},
    'no section "## 1.2.0',
  ],
  ['no date', '## 1.2.0\n\n- New.\n', {}, 'no date'],
  ['entries left over', '## Unreleased\n\n- New.\n\n## 1.2.0 – 2026-12-01\n\n- x\n', {}, 'still has entries'],
  ['changes', '## 1.2.0 – 2026-12-01\n\n- x\n', { isClean: false }, 'not committed'],
  ['the stand-in', '## 1.2.0 – 2026-12-01\n\n- x\n', { electron: 'stand-in' }, 'not the pinned one (stand-in)'],
  [
    'another version in the lockfile',
    '## 1.2.0 – 2026-12-01\n\n- x\n',
    { lock: { version: '1.1.0', packages: { '': {} } } },
    'package-lock.json',
  ],
  ['a second version', '## 1.2.0 – 2026-12-01\n\n- x\n', { jobApi: { version: '1.2.0' } }, 'package.json alone'],
] satisfies [string, string, Partial<Checked>, string][])('refuses %s', (_, changelog, more, problem) => {
  expect(releaseProblems(release(changelog, more))).toContainEqual(expect.stringContaining(problem));
});

it('reads this project', () => {
  const { manifest, lock } = readRelease();
  expect(lock.version).toBe(manifest.version);
});
