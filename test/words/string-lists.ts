import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectStrings } from './collect-strings.ts';
import type { Accept } from './reads-as-text.ts';

const root = join(import.meta.dirname, '../..');

/** The files of a list, and the heading for the strings of each. */
interface StringList {
  file: string;
  about: string;
  sources: { pattern: string; accept: Accept; heading: (path: string) => string }[];
}

const folders = (path: string, from: number, to: number): string => path.split('/').slice(from, to).join('/');

export const stringLists: readonly StringList[] = [
  {
    file: 'docs/strings/window.txt',
    about: 'What the window says, screen by screen.',
    sources: [
      {
        pattern: 'renderer/features/**/*.{ts,tsx}',
        accept: 'words',
        heading: (path) => `screen ${folders(path, 2, 3)}`,
      },
      {
        pattern: 'renderer/{app,browser,client,domain,errors,keyboard,model,ui}/**/*.{ts,tsx}',
        accept: 'words',
        heading: (path) => folders(path, 1, path.split('/').length > 4 ? 3 : 2),
      },
    ],
  },
  {
    file: 'docs/strings/messages.txt',
    about: 'What presets, errors, alerts and the command say.',
    sources: [
      { pattern: 'shared/vendors/**/*.ts', accept: 'sentences', heading: (path) => `vendor ${folders(path, 2, 3)}` },
      {
        pattern: 'shared/{conditions,contract,exact-json,query,times}/**/*.ts',
        accept: 'phrases',
        heading: (path) => folders(path, 0, 2),
      },
      {
        pattern:
          'electron/{accounts,cli,console,definitions,desktop,destinations,intake,jobs,listeners,outgoing,receiver,runs,runtime,sources,store,upkeep}/**/*.ts',
        accept: 'phrases',
        heading: (path) => folders(path, 1, path.split('/').length > 3 ? 3 : 2),
      },
    ],
  },
];

/** A string under at least this many headings is listed once, under `everywhere`. */
const shared = 3;

const written = new Map<StringList, string>();

/** The text of the list's file, generated from the current sources; cached. */
export function writeList(list: StringList): string {
  const text = written.get(list) ?? readSources(list);
  written.set(list, text);
  return text;
}

function readSources({ about, sources }: StringList): string {
  const byHeading = new Map<string, Set<string>>();
  for (const { pattern, accept, heading } of sources) {
    for (const path of globSync(pattern, { cwd: root })
      .map((one) => one.replaceAll('\\', '/'))
      .sort()) {
      const strings = collectStrings(readFileSync(join(root, path), 'utf8'), accept);
      const group = byHeading.get(heading(path)) ?? new Set();
      byHeading.set(heading(path), new Set([...group, ...strings]));
    }
  }
  const uses = new Map<string, number>();
  for (const strings of byHeading.values()) for (const one of strings) uses.set(one, (uses.get(one) ?? 0) + 1);
  const isShared = (text: string): boolean => (uses.get(text) ?? 0) >= shared;
  const sections = [
    ['everywhere', [...uses.keys()].filter(isShared).sort()] as const,
    ...[...byHeading].map(([heading, strings]) => [heading, [...strings].filter((one) => !isShared(one))] as const),
  ];
  const text = sections
    .filter(([, strings]) => strings.length > 0)
    .map(([name, strings]) => [`# ${name}`, ...strings, '']);
  return [`${about} Made from the sources; {…} is a value.`, '', ...text.flat()].join('\n');
}
