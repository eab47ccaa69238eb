import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { readJson } from './stamp.mjs';

/** The sections of CHANGELOG.md: title → whether it has entries. */
function sections(changelog) {
  const parts = changelog.split(/^## /m).slice(1);
  return parts.map((part) => ({ title: part.split('\n', 1)[0].trim(), hasEntries: /^- \S/m.test(part) }));
}

const isOf = (version) => (section) => section.title === version || section.title.startsWith(`${version} `);

export function readRelease() {
  return {
    manifest: readJson(join(root, 'package.json')),
    lock: readJson(join(root, 'package-lock.json')),
    jobApi: readJson(join(root, 'resources', 'signalbox', 'package.json')),
    changelog: readFileSync(join(root, 'CHANGELOG.md'), 'utf8'),
  };
}

/** What is wrong with the version and the changelog while one develops, as sentences. */
export function versionProblems({ manifest, lock, changelog, jobApi }) {
  const { version } = manifest;
  const found = sections(changelog);
  const unreleased = found.find(({ title }) => title === 'Unreleased');
  const own = found.find(isOf(version));
  return [
    ...(lock.version === version && lock.packages[''].version === version
      ? []
      : [`package-lock.json has version ${lock.version}, package.json ${version}; run npm install`]),
    ...(jobApi.version === undefined
      ? []
      : ['resources/signalbox/package.json has a version; package.json alone has it']),
    ...(unreleased?.hasEntries || own?.hasEntries
      ? []
      : [`CHANGELOG.md has no entry, neither under "Unreleased" nor under "${version}"`]),
  ];
}

/** What keeps this state from being released, as sentences. `electron`: the kind of the Electron at hand. */
export function releaseProblems({ isClean, electron, ...release }) {
  const { version } = release.manifest;
  const own = sections(release.changelog).find(isOf(version));
  const unreleased = sections(release.changelog).find(({ title }) => title === 'Unreleased');
  return [
    ...versionProblems(release),
    ...(own === undefined ? [`CHANGELOG.md has no section "## ${version} – <date>"`] : []),
    ...(own === undefined || /\d{4}-\d{2}-\d{2}$/.test(own.title) ? [] : [`CHANGELOG.md gives no date for ${version}`]),
    ...(own !== undefined && unreleased?.hasEntries ? ['CHANGELOG.md still has entries under "Unreleased"'] : []),
    ...(isClean ? [] : ['there are changes that are not committed']),
    ...(electron === 'official' ? [] : [`Electron is not the pinned one (${electron ?? 'none'})`]),
  ];
}
