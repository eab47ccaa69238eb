import { existsSync, readFileSync } from 'node:fs';

/** Systems whose types stand in a document of theirs, all of which have to be in the catalogue. */
export const documented = ['revoengine', 'flatfile', 'deck', 'next-identity', 'icfm'] as const;

/** The documents that the systems' types come from, beside the repository on the machines that have them. */
const folder = new URL('../../../../shared/seeds/', import.meta.url);

const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

const between = (text: string, start: string, end: string): string => {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
};

export const haveSeeds = existsSync(folder);

/** The types each document names, as it spells them. */
export const readSeedTypes: Readonly<Record<(typeof documented)[number], () => string[]>> = {
  revoengine: () =>
    all(read('000_revoengine_events.txt'), /^\| ([A-Z_]+(?:\{EVENT_TYPE\})?) \|/gm).map((type) =>
      type.replace('{EVENT_TYPE}', '*'),
    ),
  flatfile: () => all(read('001_flatfile_events.txt'), /^#### `([^`]+:[^`]+)`/gm),
  deck: () => all(read('002_deck_event_types.txt'), /^([a-z_]+\.[a-z_]+) \|/gm),
  'next-identity': () => {
    const text = read('003_next_identity_workflows.txt');
    const tables = [
      between(text, 'Event NameDescription', 'Source: Akamai'),
      between(text.slice(text.indexOf('Source: Akamai')), 'Event NameDescription', 'Subscribing to'),
    ];
    // Name and description stand without a space between them: the description begins with the next capital.
    return tables.flatMap((table) => all(table, /^((?:[A-Z][a-z]+[ -]?)+?)(?=Triggers|A (?:new )?user)/gm));
  },
  icfm: () =>
    all(
      between(read('004_ceta_icfm_event_queue.txt'), '\nDescription\n', 'Was this article'),
      /^([a-z]+(?:_[a-z]+)+)/gm,
    ),
};
