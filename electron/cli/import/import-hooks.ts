import { parse, stringify, type Tags } from 'yaml';
import { z } from 'zod';
import { issueDetails } from '../../../shared/contract/explain-issues.ts';
import { errorText } from '../../../shared/error-text.ts';
import { CliError } from '../exit-codes.ts';
import { hookKeys, hookSchema } from './hook-schema.ts';
import { createHookSecrets, type FoundSecret } from './hook-secrets.ts';
import { fillTemplate, markTemplate, otherActions, type TemplateAction } from './hook-template.ts';
import { type ImportedHook, importHook } from './import-hook.ts';
import type { AddNote, ImportNote } from './import-notes.ts';

export interface HooksImport {
  yaml: string;
  notes: ImportNote[];
  /** In clear in the hooks file, by reference in the config file. */
  secrets: FoundSecret[];
  /** Ids of hooks that are not in the config file at all. */
  leftOut: string[];
}

export interface ImportOptions {
  isTemplate: boolean;
  /** Folder in which secrets are to be files; null: they are variables of the server. */
  secretsFolder: string | null;
  env: NodeJS.ProcessEnv;
}

/** YAML 1.1, in which `yes` is true; without its times and dates, which are text there. */
const asTheProgramReads = {
  version: '1.1',
  maxAliasCount: 100,
  customTags: (tags: Tags) =>
    tags.filter((tag) => typeof tag === 'string' || (tag.format !== 'TIME' && !tag.tag.endsWith(':timestamp'))),
} as const;

const idSchema = z.looseObject({ id: z.unknown() });

/** Turns a hooks file of adnanh/webhook into a config file. Throws CliError for what is no such file. */
export function importHooks(text: string, { isTemplate, secretsFolder, env }: ImportOptions): HooksImport {
  const template = isTemplate ? markTemplate(text) : { text, actions: [] };
  const notes: ImportNote[] = [];
  const secrets: FoundSecret[] = [];
  const leftOut: string[] = [];
  const imported: ImportedHook[] = [];
  const slugs = new Set<string>();
  for (const [index, raw] of readList(template).entries()) {
    const known = idSchema.safeParse(raw);
    const id = known.success && known.data.id !== undefined ? String(known.data.id) : `number ${index + 1}`;
    const note: AddNote = (what, why, todo) => {
      if (!notes.some((one) => one.hook === id && one.what === what && one.why === why)) {
        notes.push({ hook: id, what, why, todo });
      }
    };
    const leaveOut = (what: string, why: string, todo: string): void => {
      note(what, `${why} The hook is left out.`, todo);
      leftOut.push(id);
    };
    const others = otherActions(raw, template.actions);
    if (others.length > 0) {
      leaveOut(
        'template',
        `${others.join(' ')} can be executed only by the program.`,
        'Import the file as the program reads it, rendered.',
      );
      continue;
    }
    const hook = hookSchema.safeParse(raw);
    if (!hook.success) {
      const [first] = issueDetails(hook.error.issues);
      leaveOut(
        (first?.path ?? []).join('.'),
        `${(first?.path ?? []).join('.')} ${first?.message ?? 'is not a hook'}.`,
        'Correct the hook and import again.',
      );
      continue;
    }
    for (const key of Object.keys(hook.data)) {
      if (!hookKeys.has(key)) note(key, 'The program does not know this key.', 'Remove it.');
    }
    const slug = slugOf(id, slugs);
    const kept = createHookSecrets(id, slug, { folder: secretsFolder, actions: template.actions }, note);
    const made = importHook(hook.data, slug, kept, note);
    imported.push(fillStrings(made, (value, key) => fillTemplate(value, template.actions, key, env, note)));
    secrets.push(...kept.found());
  }
  return { yaml: printConfig(imported), notes, secrets, leftOut };
}

function readList({ text, actions }: { text: string; actions: readonly TemplateAction[] }): unknown[] {
  let value: unknown;
  try {
    value = parse(text, asTheProgramReads);
  } catch (error) {
    const other = actions.find(({ kind }) => kind === 'other');
    const reason = other === undefined ? errorText(error) : `it has ${other.text}: import the file rendered`;
    throw new CliError('usage', `The hooks file cannot be read: ${reason}.`, { cause: error });
  }
  if (Array.isArray(value)) return value;
  throw new CliError('usage', 'The hooks file must be a list of hooks.');
}

function slugOf(id: string, taken: Set<string>): string {
  const plain =
    id
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 55)
      .replace(/-+$/, '') || 'hook';
  let slug = plain;
  for (let number = 2; taken.has(slug); number++) slug = `${plain}-${number}`;
  taken.add(slug);
  return slug;
}

/** Every text of a definition, with its key. */
function fillStrings<T>(value: T, fill: (text: string, key: string) => string): T {
  const walk = (part: unknown, key: string): unknown => {
    if (typeof part === 'string') return fill(part, key);
    if (Array.isArray(part)) return part.map((each) => walk(each, key));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, each]) => [name, walk(each, name)]));
  };
  return JSON.parse(JSON.stringify(walk(value, '')));
}

function printConfig(imported: readonly ImportedHook[]): string {
  const addresses = imported.map(({ source }) => `#   /hooks/${source.name ?? source.slug} is now /in/${source.slug}`);
  const head = ['# Imported from adnanh/webhook. The addresses that senders use:', ...addresses, ''].join('\n');
  return (
    head +
    stringify(
      {
        version: 1,
        sources: imported.map(({ source }) => source),
        jobs: imported.map(({ job }) => job),
        listeners: imported.map(({ listener }) => listener),
      },
      { lineWidth: 120, aliasDuplicateObjects: false },
    )
  );
}
