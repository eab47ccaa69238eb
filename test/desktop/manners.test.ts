import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listCrashReports } from '../../electron/desktop/menu/list-crash-reports.ts';
import { problemDetails } from '../../electron/desktop/menu/problem-details.ts';
import { describeBackground } from '../../electron/desktop/status/background-notice.ts';
import { hasTray } from '../../electron/desktop/status/tray-presence.ts';
import { contextMenuItems } from '../../electron/desktop/window/context-menu-items.ts';

const editFlags = {
  canUndo: true,
  canRedo: false,
  canCut: true,
  canCopy: true,
  canPaste: true,
  canDelete: true,
  canSelectAll: true,
  canEditRichly: false,
};
const nothing = { isEditable: false, editFlags, selectionText: '', linkURL: '' };
const roles = (clicked: Partial<typeof nothing>) =>
  contextMenuItems({ ...nothing, ...clicked }, () => undefined).flatMap(({ role, label }) => role ?? label ?? []);

describe('the menu under the right button', () => {
  it('edits in a field', () => {
    expect(roles({ isEditable: true })).toEqual(['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll']);
  });

  it('copies a selection, and addresses of links that lead outside', () => {
    expect(roles({ selectionText: 'evt_1' })).toEqual(['copy', 'selectAll']);
    expect(roles({ linkURL: 'https://example.com/' })).toEqual(['Copy Link Address', 'selectAll']);
    expect(roles({ linkURL: 'app://signalbox/#/runs' })).toEqual([]);
    expect(roles({ selectionText: ' \n' })).toEqual([]);
  });
});

describe('whether there is a tray', () => {
  const answering = (answers: Record<string, string>) => async (program: string) => {
    const stdout = answers[program];
    if (stdout === undefined) throw new Error(`${program} is not there`);
    return { stdout, stderr: '' };
  };

  it.each([
    ['gdbus says so', { gdbus: '(true,)\n' }, true],
    ['gdbus says no', { gdbus: '(false,)\n' }, false],
    ['only dbus-send is there', { 'dbus-send': 'method return\n   boolean true\n' }, true],
    ['there is no session bus', {}, false],
  ])('on Linux: %s', async (_what, answers, expected) => {
    expect(await hasTray('linux', answering(answers))).toBe(expected);
  });

  it('is no question elsewhere', async () => {
    expect(await hasTray('win32', answering({}))).toBe(true);
    expect(await hasTray('darwin', answering({}))).toBe(true);
  });

  it('decides what is said when the window is closed', () => {
    expect(describeBackground(true).body).toContain('in the tray');
    expect(describeBackground(false).body).toContain('minimized');
  });
});

describe('reporting a problem', () => {
  it('lists crash reports of any of Crashpad’s folders, newest first', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'signalbox-crashes-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    expect(await listCrashReports(join(dir, 'none'))).toEqual([]);
    for (const [folder, name, seconds] of [
      ['pending', 'a.dmp', 100],
      ['completed', 'b.dmp', 200],
      ['completed', 'b.meta', 300],
    ] as const) {
      mkdirSync(join(dir, folder), { recursive: true });
      writeFileSync(join(dir, folder, name), 'x'.repeat(2000));
      utimesSync(join(dir, folder, name), seconds, seconds);
    }
    const found = await listCrashReports(dir);
    expect(found.map(({ file, atMs, bytes }) => [file, atMs, bytes])).toEqual([
      [join(dir, 'completed', 'b.dmp'), 200_000, 2000],
      [join(dir, 'pending', 'a.dmp'), 100_000, 2000],
    ]);
  });

  it('names what belongs to a report', () => {
    const details = {
      version: '1.2.3',
      system: 'linux 6.1',
      logFile: '/d/signalbox.log',
      dataDir: '/d',
      crashDir: '/c',
    };
    const crash = { file: '/c/a.dmp', atMs: 0, bytes: 2000 };
    expect(problemDetails({ ...details, crashes: [] })).toContain('Crash reports: none in /c');
    const text = problemDetails({ ...details, crashes: Array.from({ length: 7 }, () => crash) });
    expect(text).toContain('Signalbox 1.2.3\nlinux 6.1\nLog: /d/signalbox.log');
    expect(text).toContain('1970-01-01T00:00:00.000Z  2 KB  /c/a.dmp');
    expect(text).toContain('and 2 older');
  });
});
