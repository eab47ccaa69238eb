import { describe, expect, it } from 'vitest';
import { menuLoginShell } from '../../electron/desktop/lifetime/login-shell.ts';

describe('the login shell whose PATH jobs get', () => {
  it.each([
    ['from the Dock', {}, 'darwin', '/bin/zsh'],
    ['from a menu of Linux', { SHELL: '/usr/bin/fish' }, 'linux', '/usr/bin/fish'],
    ['from a terminal', { TERM: 'xterm-256color', SHELL: '/bin/bash' }, 'linux', null],
    ['from a terminal of macOS', { TERM: 'xterm-256color' }, 'darwin', null],
    ['on Windows', { SHELL: '/usr/bin/bash' }, 'win32', null],
  ] as const)('started %s', (_, env, platform, expected) => {
    expect(menuLoginShell(env, platform, () => '/bin/zsh')).toBe(expected);
  });

  it('is none where the system knows none', () => {
    expect(menuLoginShell({}, 'linux', () => null)).toBeNull();
  });
});
