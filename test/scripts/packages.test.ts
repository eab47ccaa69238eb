import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packagerOptions } from '../../scripts/package/bundle-app.mjs';
import { icnsOf, icoOf, writeIcns, writeIco } from '../../scripts/package/icon-files.mjs';
import { linuxFiles, linuxOptions } from '../../scripts/package/linux/linux-files.mjs';
import { dmgOptions, macTool, macZipArguments } from '../../scripts/package/mac.mjs';
import { makers, unavailable } from '../../scripts/package/makers.mjs';
import { isRuntimeFile, loadedPackages, productionModules } from '../../scripts/package/production-modules.mjs';
import { productionLock } from '../../scripts/package/shrinkwrap.mjs';
import { appManifest, sqliteAddonPath } from '../../scripts/package/stage-app.mjs';
import { windowsInstallerOptions, windowsTool } from '../../scripts/package/windows.mjs';

const root = join(import.meta.dirname, '../..');
const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const { version } = readJson('package.json');

function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-packages-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

describe('what goes in', () => {
  it('is what is not built in, with its dependencies', () => {
    expect(productionModules()).toEqual(loadedPackages.map((name) => `node_modules/${name}`).sort());
    expect(Object.keys(readJson('package.json').dependencies).sort()).toEqual([...loadedPackages].sort());
  });

  it.each([
    ['build/Release/better_sqlite3.node', true],
    ['build', true],
    ['lib/index.js', true],
    ['LICENSE', true],
    ['deps/sqlite3/sqlite3.c', false],
    ['src/addon.cpp', false],
    ['prebuilds/linux-x64.node', false],
    ['binding.gyp', false],
  ])('of better-sqlite3 %s: %s', (path, isIn) => {
    const sqliteAddon = sqliteAddonPath('stand-in');
    expect(isRuntimeFile('node_modules/better-sqlite3', path, { sqliteAddon })).toBe(isIn);
  });

  it('is the addon of this platform where Electron is the pinned one', () => {
    expect(existsSync(join(root, 'node_modules/better-sqlite3', sqliteAddonPath('official')))).toBe(true);
    expect(sqliteAddonPath('official', 'darwin', 'arm64')).toBe('prebuilds/darwin-arm64.node');
  });

  it.each([
    ['dist/doc/directives.js', true],
    ['docs/guide.html', false],
    ['test/a.js', false],
    ['lib/types.d.ts', false],
    ['dist/a.js.map', false],
    ['LICENSE.md', true],
    ['README.md', false],
  ])('of other packages %s: %s', (path, isIn) => {
    expect(isRuntimeFile('node_modules/jiti', path, { sqliteAddon: '' })).toBe(isIn);
  });

  it('says of itself what the installers need and nothing of development', () => {
    expect(appManifest()).toMatchObject({ name: 'signalbox', version, main: 'out/main/desktop.js', type: 'module' });
    expect(appManifest()).not.toHaveProperty('scripts');
  });

  it('locks the versions that the npm package installs', () => {
    const { packages } = productionLock(readJson('package-lock.json'));
    expect(Object.keys(packages)).toEqual(expect.arrayContaining(['', 'node_modules/better-sqlite3']));
    expect(packages).not.toHaveProperty('node_modules/vitest');
    expect(packages['']).not.toHaveProperty('devDependencies');
  });
});

describe('every platform', () => {
  it('has its packages, and says what is missing to build one', () => {
    expect(Object.fromEntries(Object.entries(makers).map(([platform, own]) => [platform, Object.keys(own)]))).toEqual({
      linux: ['deb', 'rpm', 'tar.gz'],
      win32: ['exe'],
      darwin: ['dmg', 'zip'],
    });
    expect(unavailable('rpm', () => undefined)).toContain('rpmbuild is missing');
    expect(unavailable('rpm', () => '/usr/bin/rpmbuild')).toBeUndefined();
  });

  it.each(['linux', 'win32', 'darwin'])(
    '%s: one archive with the addon and the job API beside it, and the links',
    (platform) => {
      const options = packagerOptions({
        staged: '/s',
        out: '/o',
        electronVersion: '45.0.0',
        electronZipDir: platform === 'darwin' ? undefined : '/zip',
        icon: undefined,
        platform,
        arch: 'x64',
      });
      expect(options).toMatchObject({
        name: 'Signalbox',
        appVersion: version,
        protocols: [{ schemes: ['signalbox'] }],
      });
      expect(options.asar).toMatchObject({
        unpack: expect.stringContaining('**/*.node'),
        unpackDir: 'resources/signalbox',
      });
      expect('electronZipDir' in options).toBe(platform !== 'darwin');
      expect(options.executableName).toBe(platform === 'linux' ? 'signalbox' : 'Signalbox');
    },
  );

  it('Windows: an installer from a pinned tool, with an icon of every size', () => {
    const dir = tempDir();
    const options = windowsInstallerOptions({ folder: '/app', out: '/out', icon: writeIco(dir) });
    expect(options).toMatchObject({ appDirectory: '/app', outputDirectory: '/out', exe: 'Signalbox.exe', version });
    // Squirrel takes the name into paths and package ids.
    expect(options.name).toMatch(/^[A-Za-z0-9]+$/);
    expect(options.authors).not.toBe('');
    expect(windowsTool.version).toMatch(/^\d+\.\d+\.\d+$/);
    const icon = readFileSync(options.setupIcon);
    expect([icon.readUInt16LE(0), icon.readUInt16LE(2), icon.readUInt16LE(4)]).toEqual([0, 1, 6]);
  });

  it('macOS: a disk image and an archive of the universal app, with an icon', () => {
    const dir = tempDir();
    const options = dmgOptions({ folder: '/app', out: '/out', icon: writeIcns(dir) });
    expect(options).toMatchObject({
      appPath: '/app/Signalbox.app',
      dmgPath: `/out/Signalbox-${version}-universal.dmg`,
    });
    expect(macTool.version).toMatch(/^\d+\.\d+\.\d+$/);
    const icon = readFileSync(options.icon);
    expect([icon.toString('ascii', 0, 4), icon.readUInt32BE(4)]).toEqual(['icns', icon.length]);
    const { target, args } = macZipArguments({ folder: '/app', out: '/out' });
    expect(args.slice(-2)).toEqual(['/app/Signalbox.app', target]);
  });
});

describe('icon files', () => {
  const png = Buffer.from('89504e470d0a1a0a', 'hex');

  it('.ico points at each picture', () => {
    const icon = icoOf([
      { size: 16, png },
      { size: 256, png: Buffer.concat([png, png]) },
    ]);
    expect([icon[6], icon[22]]).toEqual([16, 0]);
    const [length, offset] = [icon.readUInt32LE(30), icon.readUInt32LE(34)];
    expect(icon.subarray(offset, offset + length)).toEqual(Buffer.concat([png, png]));
    expect(icon.length).toBe(offset + length);
  });

  it('.icns takes the sizes it has a type for', () => {
    const icon = icnsOf([
      { size: 48, png },
      { size: 256, png },
    ]);
    expect(icon.toString('ascii', 8, 12)).toBe('ic08');
    expect(icon.length).toBe(8 + 8 + png.length);
  });
});

describe('Linux packages', () => {
  it('hold the command, the unit, the profile, its settings, the manual and the changelog', () => {
    const files = linuxFiles(version);
    expect(files.map(({ path }) => path)).toEqual([
      'usr/bin/signalbox',
      'usr/lib/systemd/system/signalbox.service',
      'usr/lib/signalbox/apparmor-profile',
      'etc/default/signalbox',
      'usr/share/man/man1/signalbox.1.gz',
      'usr/share/doc/signalbox/changelog.gz',
    ]);
    for (const { content } of files) expect(content.length).toBeGreaterThan(100);
  });

  it('have every size of icon, and take signalbox:// links', () => {
    const { icon, mimeType } = linuxOptions('/app', '/out');
    expect(mimeType).toEqual(['x-scheme-handler/signalbox']);
    expect(Object.keys(icon)).toEqual([
      '16x16',
      '32x32',
      '48x48',
      '64x64',
      '128x128',
      '256x256',
      '512x512',
      'scalable',
    ]);
    for (const file of Object.values(icon)) expect(existsSync(file), file).toBe(true);
  });
});
