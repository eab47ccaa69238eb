import {
  type Alarm,
  type AlarmChannel,
  type AlarmCondition,
  type AlarmKind,
  type AlarmSpec,
  alarmDefaults,
} from '../../../../shared/contract/alarms.ts';
import type { SecretRef } from '../../../../shared/contract/common.ts';
import { createDefinitionEditors } from '../../../model/definitions/definition-editor.ts';
import { parseSize, printSize } from '../../../model/definitions/sizes.ts';
import { slugOf } from '../../../model/definitions/slug.ts';

export interface WebhookRow {
  id: string;
  isSecret: boolean;
  url: string;
  ref: SecretRef | null;
  allowPrivate: boolean;
}

/** An alarm as it is being typed; empty text means: the default. */
export interface AlarmDraft {
  slug: string;
  hasOwnSlug: boolean;
  name: string;
  kind: AlarmKind;
  source: string | null;
  job: string | null;
  listener: string | null;
  /** A time: of silence, or of waiting. */
  time: string;
  percent: string;
  window: string;
  minimum: string;
  size: string;
  desktop: boolean;
  webhooks: readonly WebhookRow[];
  emails: readonly string[];
  repeat: string;
  recovery: boolean;
}

let lastId = 0;
export const webhookRow = (row: Partial<WebhookRow> = {}): WebhookRow => {
  lastId += 1;
  return { id: `webhook-${lastId}`, isSecret: true, url: '', ref: null, allowPrivate: false, ...row };
};

export const emptyAlarm = (kind: AlarmKind = 'source_silent'): AlarmDraft => ({
  slug: '',
  hasOwnSlug: false,
  name: '',
  kind,
  source: null,
  job: null,
  listener: null,
  time: '',
  percent: '',
  window: '',
  minimum: '',
  size: '',
  desktop: true,
  webhooks: [],
  emails: [],
  repeat: '',
  recovery: true,
});

const shown = (value: number | undefined): string => (value === undefined ? '' : String(value));

function conditionDraftOf(when: AlarmCondition): Partial<AlarmDraft> {
  switch (when.kind) {
    case 'source_silent':
      return { source: when.source ?? null, time: when.after ?? '' };
    case 'refusal_rate':
      return { source: when.source ?? null, ...rateDraftOf(when) };
    case 'failure_rate':
      return { job: when.job ?? null, listener: when.listener ?? null, ...rateDraftOf(when) };
    case 'queue_age':
      return { job: when.job ?? null, time: when.above };
    case 'disk_free':
      return { size: printSize(when.below) };
    case 'store_growth':
      return { size: printSize(when.above) };
  }
}

const rateDraftOf = (rate: { above: number; window?: string | undefined; minimum?: number | undefined }) => ({
  percent: shown(rate.above),
  window: rate.window ?? '',
  minimum: shown(rate.minimum),
});

export const alarmDraftOf = (alarm: Alarm): AlarmDraft => ({
  ...emptyAlarm(alarm.when.kind),
  slug: alarm.slug,
  hasOwnSlug: true,
  name: alarm.name,
  ...conditionDraftOf(alarm.when),
  desktop: alarm.notify.some(({ via }) => via === 'desktop'),
  webhooks: alarm.notify.flatMap((channel) =>
    channel.via !== 'webhook'
      ? []
      : [
          webhookRow({
            isSecret: typeof channel.url !== 'string',
            url: typeof channel.url === 'string' ? channel.url : '',
            ref: typeof channel.url === 'string' ? null : channel.url,
            allowPrivate: channel.allowPrivate === true,
          }),
        ],
  ),
  emails: alarm.notify.flatMap((channel) => (channel.via === 'email' ? channel.to : [])),
  repeat: alarm.repeat ?? '',
  recovery: alarm.recovery ?? alarmDefaults.recovery,
});

export const renameAlarm = (draft: AlarmDraft, name: string): AlarmDraft => ({
  ...draft,
  name,
  slug: draft.hasOwnSlug ? draft.slug : slugOf(name),
});

export const setAlarmSlug = (draft: AlarmDraft, slug: string): AlarmDraft => ({
  ...draft,
  slug: slug.toLowerCase(),
  hasOwnSlug: slug !== '',
});

export const hasRate = (kind: AlarmKind): boolean => kind === 'refusal_rate' || kind === 'failure_rate';
export const hasSize = (kind: AlarmKind): boolean => kind === 'disk_free' || kind === 'store_growth';

const isNumber = (text: string): boolean => /^\d{1,7}(?:\.\d{1,3})?$/.test(text.trim());

/** What was typed for the condition and is no value at all, by field. */
export function conditionProblems(draft: AlarmDraft): Record<string, string> {
  const problems: Record<string, string> = {};
  if (hasRate(draft.kind)) {
    if (!isNumber(draft.percent)) problems.percent = 'must be a percentage such as 20';
    if (draft.minimum.trim() !== '' && !/^\d+$/.test(draft.minimum.trim())) problems.minimum = 'must be a whole number';
  }
  if (hasSize(draft.kind) && parseSize(draft.size) === null) problems.size = 'must be a size such as 500 MB or 10 GB';
  if (draft.kind === 'queue_age' && draft.time.trim() === '') problems.time = 'must be a time such as 10m';
  return problems;
}

/** The same of the whole alarm. */
export function alarmDraftProblems(draft: AlarmDraft): Record<string, string> {
  const problems = conditionProblems(draft);
  for (const row of draft.webhooks) {
    if (row.isSecret ? row.ref === null : row.url.trim() === '') problems[row.id] = 'needs a URL';
  }
  return problems;
}

function conditionOf(draft: AlarmDraft): AlarmCondition {
  const { kind } = draft;
  const source = draft.source === null ? {} : { source: draft.source };
  const job = draft.job === null ? {} : { job: draft.job };
  const time = draft.time.trim();
  const window = draft.window.trim();
  const minimum = draft.minimum.trim();
  const rate = {
    above: Number(draft.percent),
    ...(window === '' ? {} : { window }),
    ...(minimum === '' ? {} : { minimum: Number(minimum) }),
  };
  switch (kind) {
    case 'source_silent':
      return { kind, ...source, ...(time === '' ? {} : { after: time }) };
    case 'refusal_rate':
      return { kind, ...source, ...rate };
    case 'failure_rate':
      return { kind, ...(draft.listener === null ? job : { listener: draft.listener }), ...rate };
    case 'queue_age':
      return { kind, ...job, above: time };
    case 'disk_free':
      return { kind, below: parseSize(draft.size) ?? 0 };
    case 'store_growth':
      return { kind, above: parseSize(draft.size) ?? 0 };
  }
}

export const channelsOf = (draft: AlarmDraft): AlarmChannel[] => [
  ...(draft.desktop ? [{ via: 'desktop' as const }] : []),
  ...draft.webhooks.flatMap((row): AlarmChannel[] => {
    const url = row.isSecret ? row.ref : row.url.trim();
    if (url === null || url === '') return [];
    return [{ via: 'webhook', url, ...(row.allowPrivate ? { allowPrivate: true } : {}) }];
  }),
  ...(draft.emails.length === 0 ? [] : [{ via: 'email' as const, to: [...draft.emails] }]),
];

export function alarmInputOf(draft: AlarmDraft): AlarmSpec {
  const repeat = draft.repeat.trim();
  return {
    slug: draft.slug,
    ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
    when: conditionOf(draft),
    notify: channelsOf(draft),
    ...(repeat === '' ? {} : { repeat }),
    ...(draft.recovery === alarmDefaults.recovery ? {} : { recovery: draft.recovery }),
  };
}

export const alarmEditors = createDefinitionEditors<AlarmDraft>({
  fingerprint: (draft) =>
    JSON.stringify([
      alarmInputOf(draft),
      draft.percent,
      draft.minimum,
      draft.size,
      draft.webhooks.map(({ isSecret, url, ref }) => [isSecret, url, ref]),
    ]),
});
