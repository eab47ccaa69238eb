import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { errorCodes } from '../../shared/contract/errors.ts';
import { contract } from '../../shared/contract/index.ts';
import { pushes } from '../../shared/contract/pushes.ts';

const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
const quoted = new Set([...page.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text ?? ''));

it('the page about the API names every call, push and error code', () => {
  for (const name of [...Object.keys(contract), ...Object.keys(pushes), ...errorCodes]) {
    expect([...quoted], `${name} is missing in docs/api.md`).toContain(name);
  }
});

it('the page about the API names no call that is not there', () => {
  const nouns = new Set(Object.keys(contract).map((name) => name.split('.')[0] ?? ''));
  const known = new Set([...Object.keys(contract), ...Object.keys(pushes)]);
  const named = [...quoted].filter(
    (text) => /^[a-zA-Z]+\.[a-zA-Z]+$/.test(text) && nouns.has(text.split('.')[0] ?? ''),
  );
  expect(named.length).toBeGreaterThan(50);
  for (const name of named) expect([...known], `${name} in docs/api.md`).toContain(name);
});
