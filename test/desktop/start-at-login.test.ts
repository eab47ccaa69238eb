import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { autostartEntry, isAutostartOn } from '../../electron/desktop/login/autostart-entry.ts';
import { autostartFile, startWithFile } from '../../electron/desktop/login/autostart-file.ts';

let configHome: string;
beforeEach(() => {
  configHome = mkdtempSync(join(tmpdir(), 'signalbox-autostart-'));
});
afterEach(() => rmSync(configHome, { recursive: true, force: true }));

describe('start at login on Linux', () => {
  it.each([
    [{ XDG_CONFIG_HOME: '/etc/someone' }, '/etc/someone/autostart/signalbox.desktop'],
    [{ XDG_CONFIG_HOME: '' }, '/home/ada/.config/autostart/signalbox.desktop'],
    [{ XDG_CONFIG_HOME: 'relative' }, '/home/ada/.config/autostart/signalbox.desktop'],
    [{}, '/home/ada/.config/autostart/signalbox.desktop'],
  ])('%j is where the desktop looks', (env, expected) => {
    expect(autostartFile(env, '/home/ada')).toBe(expected);
  });

  it('is a file that is there while it is on', () => {
    const file = autostartFile({ XDG_CONFIG_HOME: configHome }, '/home/ada');
    const login = startWithFile(file, ['/usr/bin/signalbox']);
    expect(login.isEnabled()).toBe(false);
    login.set(true);
    expect(login.isEnabled()).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain('Exec=/usr/bin/signalbox\n');
    expect(statSync(file).mode & 0o022).toBe(0);
    login.set(false);
    expect(login.isEnabled()).toBe(false);
    expect(existsSync(file)).toBe(false);
    login.set(false);
  });

  it('is off where the desktop has turned the entry off', () => {
    const file = autostartFile({ XDG_CONFIG_HOME: configHome }, '/home/ada');
    const login = startWithFile(file, ['/usr/bin/signalbox']);
    login.set(true);
    writeFileSync(file, `${readFileSync(file, 'utf8')}Hidden=true\n`);
    expect(login.isEnabled()).toBe(false);
    login.set(true);
    expect(login.isEnabled()).toBe(true);
    expect(isAutostartOn('[Desktop Entry]\nX-GNOME-Autostart-enabled=false\n')).toBe(false);
  });

  it('says where it could not be changed', () => {
    const blocked = join(configHome, 'file');
    writeFileSync(blocked, '');
    const file = autostartFile({ XDG_CONFIG_HOME: blocked }, '/home/ada');
    expect(() => startWithFile(file, ['/usr/bin/signalbox']).set(true)).toThrow(file);
  });

  it('quotes what the specification reserves', () => {
    expect(autostartEntry(['/opt/My Apps/signalbox', '--data-dir', '/srv/100%', 'a"b$c`d\\e'])).toContain(
      'Exec="/opt/My Apps/signalbox" --data-dir /srv/100%% "a\\\\"b\\\\$c\\\\`d\\\\\\\\e"\n',
    );
  });

  it('is an entry that the desktop’s own checker takes', (context) => {
    const checker = '/usr/bin/desktop-file-validate';
    if (!existsSync(checker)) return context.skip('desktop-file-validate is not installed');
    const file = autostartFile({ XDG_CONFIG_HOME: configHome }, '/home/ada');
    startWithFile(file, ['/opt/My Apps/signalbox', '--data-dir', '/srv/a b']).set(true);
    expect(execFileSync(checker, [file], { encoding: 'utf8' })).toBe('');
  });
});
