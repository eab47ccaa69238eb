import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

// Nothing else tells: to TypeScript every class of a stylesheet is there, and to CSS every class is used.

const renderer = resolve(import.meta.dirname, '../../renderer');
const namesIn = (css: string): Set<string> =>
  new Set(
    [...css.replace(/\/\*.*?\*\/|"[^"]*"/gs, '').matchAll(/\.([a-z][\w-]*)(?=[^{}]*\{)/gi)].map(
      ([, name]) => name ?? '',
    ),
  );

interface Use {
  file: string;
  stylesheet: string;
  name: string;
}

/** `classes.row`, and `classes[tone]` as a use of every name. */
function usesIn(file: string): Use[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/import (\w+) from '([^']+\.module\.css)'/g)].flatMap(([, variable, path = '']) => {
    const stylesheet = resolve(dirname(file), path);
    const names = new Set([...text.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, 'g'))].map(([, name]) => name ?? ''));
    const isAsked = new RegExp(`\\b${variable}(\\[|;|,|\\)|\\}| as )`).test(text);
    return [...names, ...(isAsked ? ['*'] : [])].map((name) => ({ file, stylesheet, name }));
  });
}

const uses = globSync(`${renderer}/**/*.{ts,tsx}`).flatMap(usesIn);

it('have every class that is used, and no other', () => {
  const stylesheets = globSync(`${renderer}/**/*.module.css`);
  expect(stylesheets.length).toBeGreaterThan(20);
  const wrong = stylesheets.flatMap((stylesheet) => {
    const defined = namesIn(readFileSync(stylesheet, 'utf8'));
    const used = uses.filter((use) => use.stylesheet === stylesheet);
    const missing = used.filter(({ name }) => name !== '*' && !defined.has(name));
    const isAllUsed = used.some(({ name }) => name === '*');
    const unused = isAllUsed ? [] : [...defined].filter((name) => !used.some((use) => use.name === name));
    const at = relative(renderer, stylesheet);
    return [
      ...missing.map(({ file, name }) => `${relative(renderer, file)} uses .${name}, which ${at} lacks`),
      ...unused.map((name) => `nothing uses .${name} of ${at}`),
    ];
  });
  expect(wrong).toEqual([]);
});
