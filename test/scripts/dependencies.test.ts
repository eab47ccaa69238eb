import { describe, expect, it } from 'vitest';
import { isInstalled } from '../../scripts/dependencies.mjs';

const lock = {
  packages: {
    '': { name: 'signalbox' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/a-windows': { version: '1.0.0', optional: true },
  },
};

describe('isInstalled', () => {
  it('is content without optional packages of other platforms', () => {
    expect(isInstalled(lock, { packages: { 'node_modules/a': { version: '1.0.0' } } })).toBe(true);
  });

  it('sees a missing package', () => {
    expect(isInstalled(lock, { packages: {} })).toBe(false);
  });

  it('sees another version, of an optional package too', () => {
    expect(isInstalled(lock, { packages: { 'node_modules/a': { version: '1.0.1' } } })).toBe(false);
    expect(
      isInstalled(lock, {
        packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/a-windows': { version: '0.9.0' } },
      }),
    ).toBe(false);
  });

  it('takes an unreadable record for nothing installed', () => {
    expect(isInstalled(lock, undefined)).toBe(false);
  });
});
