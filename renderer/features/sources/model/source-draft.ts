import type { Json } from '../../../../shared/contract/common.ts';
import type { CallInput } from '../../../../shared/contract/index.ts';
import type { PresetField, PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { isJsonRecord, parseExact } from '../../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { createDefinitionEditors } from '../../../model/definitions/definition-editor.ts';
import { parseSize, printSize } from '../../../model/definitions/sizes.ts';
import { slugOf } from '../../../model/definitions/slug.ts';
import { type AnswersDraft, answersDraftOf, answersInputOf, noAnswers } from './answers-draft.ts';

type Method = NonNullable<CallInput<'sources.create'>['methods']>[number];
type Settings = Readonly<Record<string, Json>>;

export interface SourceDraft extends AnswersDraft {
  preset: string;
  slug: string;
  hasOwnSlug: boolean;
  name: string;
  /** Null: as the preset says. */
  methods: readonly Method[] | null;
  answerStatus: string;
  /** The status stands in the response, as it was read. */
  hasResponseStatus: boolean;
  maxBodySize: string;
  rate: 'default' | 'off' | 'limit';
  perSecond: string;
  burst: string;
  /** Fields of a form that hold JSON. */
  parseFields: readonly string[];
  event: Settings;
  verify: Settings;
}

export const emptySource = (preset: PresetInfo): SourceDraft => ({
  preset: preset.id,
  slug: '',
  hasOwnSlug: false,
  name: '',
  methods: null,
  answerStatus: '',
  hasResponseStatus: false,
  ...noAnswers,
  maxBodySize: '',
  rate: 'default',
  perSecond: '',
  burst: '',
  parseFields: [],
  event: preset.defaults.event,
  verify: preset.defaults.verify,
});

export function sourceDraftOf(source: Source): SourceDraft {
  const limit = source.rateLimit;
  const status = source.response?.status ?? source.answerStatus;
  return {
    preset: source.preset,
    slug: source.slug,
    hasOwnSlug: true,
    name: source.name,
    methods: source.methods ?? null,
    answerStatus: status === undefined ? '' : String(status),
    hasResponseStatus: source.response?.status !== undefined,
    ...answersDraftOf(source.response, source.challenge),
    maxBodySize: source.maxBodyBytes === undefined ? '' : printSize(source.maxBodyBytes),
    rate: limit === undefined ? 'default' : limit === 'off' ? 'off' : 'limit',
    perSecond: typeof limit === 'object' ? String(limit.perSecond) : '',
    burst: typeof limit === 'object' ? String(limit.burst) : '',
    parseFields: source.parseFields ?? [],
    event: source.event ?? {},
    verify: source.verify ?? {},
  };
}

export const renameSource = (draft: SourceDraft, name: string): SourceDraft => ({
  ...draft,
  name,
  slug: draft.hasOwnSlug ? draft.slug : slugOf(name),
});

export const setSourceSlug = (draft: SourceDraft, slug: string): SourceDraft => ({
  ...draft,
  slug: slug.toLowerCase(),
  hasOwnSlug: slug !== '',
});

const splitPath = (path: string): { part: 'event' | 'verify'; key: string } | null => {
  const match = /^(event|verify)\.(.+)$/.exec(path);
  const part = match?.[1];
  return match?.[2] !== undefined && (part === 'event' || part === 'verify') ? { part, key: match[2] } : null;
};

const deepGet = (settings: Settings, key: string): Json | undefined => {
  let value: Json | undefined = { ...settings };
  for (const name of key.split('.')) {
    if (!isJsonRecord(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
};

const deepSet = (settings: Settings, key: string, value: Json | undefined): Record<string, Json> => {
  const [name = '', ...rest] = key.split('.');
  const { [name]: before, ...others } = settings;
  if (rest.length === 0) return value === undefined ? others : { ...settings, [name]: value };
  const inner = isJsonRecord(before) ? before : {};
  return { ...settings, [name]: deepSet(inner, rest.join('.'), value) };
};

export const settingAt = (draft: Pick<SourceDraft, 'event' | 'verify'>, path: string): Json | undefined => {
  const place = splitPath(path);
  return place === null ? undefined : deepGet(draft[place.part], place.key);
};

/** `undefined` takes the setting away. */
export function setSetting(draft: SourceDraft, path: string, value: Json | undefined): SourceDraft {
  const place = splitPath(path);
  return place === null ? draft : { ...draft, [place.part]: deepSet(draft[place.part], place.key, value) };
}

/** The setting, or what the preset takes when there is none. */
const effective = (draft: SourceDraft, preset: PresetInfo, path: string): Json | undefined =>
  settingAt(draft, path) ?? settingAt(preset.defaults, path);

const isShown = (draft: SourceDraft, preset: PresetInfo, field: PresetField): boolean => {
  if (field.when === undefined) return true;
  const value = effective(draft, preset, field.when.path);
  const text = typeof value === 'string' ? value : stringifyExact(value ?? null);
  return field.when.in.includes(text);
};

export const shownFields = (draft: SourceDraft, preset: PresetInfo): PresetField[] =>
  preset.fields.filter((field) => isShown(draft, preset, field));

/** Which value a choice stands at while nothing is set. */
export const choiceOf = (draft: SourceDraft, preset: PresetInfo, field: PresetField): string => {
  const value = effective(draft, preset, field.path);
  return typeof value === 'string' ? value : '';
};

/** Settings of fields that are not shown would be refused: another scheme does not know them. */
function withoutHidden(draft: SourceDraft, preset: PresetInfo | undefined): Pick<SourceDraft, 'event' | 'verify'> {
  if (preset === undefined) return draft;
  const shown = new Set(shownFields(draft, preset).map((field) => field.path));
  const hidden = preset.fields.filter((field) => !shown.has(field.path));
  return hidden.reduce((result, field) => setSetting(result, field.path, undefined), draft);
}

const isEmpty = (settings: Settings): boolean => Object.keys(settings).length === 0;

/** Keyed as the app's own. */
export function sourceDraftProblems(draft: SourceDraft): Record<string, string> {
  const problems: Record<string, string> = {};
  if (draft.maxBodySize.trim() !== '' && parseSize(draft.maxBodySize) === null)
    problems.maxBodyBytes = 'must be a size such as 512 KB or 2 MB';
  if (draft.answerStatus.trim() !== '' && !/^2\d\d$/.test(draft.answerStatus.trim()))
    problems.answerStatus = 'must be a status from 200 to 299';
  if (draft.rate === 'limit') {
    if (!(Number(draft.perSecond) > 0)) problems['rateLimit.perSecond'] = 'must be a number above 0';
    if (!/^[1-9]\d*$/.test(draft.burst.trim())) problems['rateLimit.burst'] = 'must be a whole number above 0';
  }
  if (draft.methods !== null && draft.methods.length === 0) problems.methods = 'must have at least one method';
  return problems;
}

export type SourceInput = CallInput<'sources.create'>;

export function sourceInputOf(draft: SourceDraft, preset: PresetInfo | undefined): SourceInput {
  const maxBodyBytes = parseSize(draft.maxBodySize);
  const status = draft.answerStatus.trim() === '' ? undefined : Number(draft.answerStatus);
  const { event, verify } = withoutHidden(draft, preset);
  return {
    slug: draft.slug,
    preset: draft.preset,
    ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
    ...(draft.methods === null ? {} : { methods: [...draft.methods] }),
    ...(status === undefined || draft.hasResponseStatus ? {} : { answerStatus: status }),
    ...answersInputOf(draft, draft.hasResponseStatus ? status : undefined),
    ...(maxBodyBytes === null ? {} : { maxBodyBytes }),
    ...(draft.rate === 'default'
      ? {}
      : draft.rate === 'off'
        ? { rateLimit: 'off' as const }
        : { rateLimit: { perSecond: Number(draft.perSecond), burst: Number(draft.burst) } }),
    ...(draft.parseFields.length === 0 ? {} : { parseFields: [...draft.parseFields] }),
    ...(isEmpty(event) ? {} : { event: { ...event } }),
    ...(isEmpty(verify) ? {} : { verify: { ...verify } }),
  };
}

/** A JSONPath as it stands; any other way to find a value, such as `{"header": "x-event"}`, as JSON. */
export const selectorText = (value: Json | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? value : stringifyExact(value);

export function readSelector(text: string): Json | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (!trimmed.startsWith('{')) return trimmed;
  try {
    return parseExact(trimmed);
  } catch {
    return text;
  }
}

export const sourceEditors = createDefinitionEditors<SourceDraft>({
  fingerprint: ({ hasOwnSlug: _own, ...draft }) => JSON.stringify(draft, sortedKeys),
});

/** Settings keep the order they were typed in, which is nothing to save. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
