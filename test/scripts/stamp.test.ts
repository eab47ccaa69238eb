import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint, readJson, writeJson } from '../../scripts/stamp.mjs';

let base = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'signalbox-stamp-'));
  mkdirSync(join(base, 'src', 'deep'), { recursive: true });
  writeFileSync(join(base, 'src', 'a.ts'), 'a');
  writeFileSync(join(base, 'src', 'deep', 'b.ts'), 'b');
});
afterEach(() => rmSync(base, { recursive: true }));

describe('fingerprint', () => {
  it('stays when only times change', () => {
    const before = fingerprint(base, ['src']);
    utimesSync(join(base, 'src', 'a.ts'), 1, 1);
    expect(fingerprint(base, ['src'])).toBe(before);
  });

  it('changes with a file deep inside, a new file and a new name', () => {
    const seen = new Set([fingerprint(base, ['src'])]);
    writeFileSync(join(base, 'src', 'deep', 'b.ts'), 'changed');
    seen.add(fingerprint(base, ['src']));
    writeFileSync(join(base, 'src', 'c.ts'), '');
    seen.add(fingerprint(base, ['src']));
    renameSync(join(base, 'src', 'c.ts'), join(base, 'src', 'd.ts'));
    seen.add(fingerprint(base, ['src']));
    expect(seen.size).toBe(4);
  });

  it('takes a path that does not exist for nothing', () => {
    expect(fingerprint(base, ['src', 'gone'])).toBe(fingerprint(base, ['src']));
  });
});

describe('stamps', () => {
  it('are read back as written, in a folder made for them', () => {
    const path = join(base, 'new', 'stamp.json');
    writeJson(path, { version: 1 });
    expect(readJson(path)).toEqual({ version: 1 });
  });

  it('count as missing when they are damaged', () => {
    writeFileSync(join(base, 'stamp.json'), '{"version":');
    expect(readJson(join(base, 'stamp.json'))).toBeUndefined();
  });
});
