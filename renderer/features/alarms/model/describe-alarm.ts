import type { Alarm, AlarmCondition, AlarmKind } from '../../../../shared/contract/alarms.ts';
import { alarmDefaults } from '../../../../shared/contract/alarms.ts';
import { matchesWords } from '../../../model/definitions/matches-words.ts';
import type { Tone } from '../../../ui/feedback/lamp.tsx';
import { formatBytes } from '../../../ui/text/format.ts';

export const kindNames: Readonly<Record<AlarmKind, string>> = {
  source_silent: 'Silent source',
  refusal_rate: 'Refused deliveries',
  failure_rate: 'Failed runs',
  queue_age: 'Queue age',
  disk_free: 'Free disk space',
  store_growth: 'Database growth',
};

const windowOf = ({ window }: { window?: string | undefined }): string => window ?? alarmDefaults.window;

/** The condition in one line. */
export function describeCondition(when: AlarmCondition): string {
  switch (when.kind) {
    case 'source_silent':
      return `${when.source ?? 'any source'} silent for ${when.after ?? 'longer than usual'}`;
    case 'refusal_rate':
      return `${when.source ?? 'any source'}: over ${when.above}% refused in ${windowOf(when)}`;
    case 'failure_rate':
      return `${when.listener ?? when.job ?? 'any job'}: over ${when.above}% failed in ${windowOf(when)}`;
    case 'queue_age':
      return `${when.job ?? 'any job'}: queued for over ${when.above}`;
    case 'disk_free':
      return `below ${formatBytes(when.below)} free`;
    case 'store_growth':
      return `over ${formatBytes(when.above)} a day`;
  }
}

const viaNames = { desktop: 'desktop', webhook: 'webhook', email: 'e-mail' } as const;

export const describeChannels = ({ notify }: Pick<Alarm, 'notify'>): string =>
  notify.length === 0 ? 'inbox only' : [...new Set(notify.map(({ via }) => viaNames[via]))].join(', ');

export const filterAlarms = (alarms: readonly Alarm[], text: string): readonly Alarm[] =>
  alarms.filter((alarm) =>
    matchesWords(text, [alarm.name, alarm.slug, kindNames[alarm.when.kind], describeCondition(alarm.when)]),
  );

export function alarmLampOf(alarm: Alarm): { tone: Tone; lit: boolean; label: string } {
  if (!alarm.enabled) return { tone: 'grey', lit: false, label: 'disabled' };
  if (alarm.raised > 0) return { tone: 'red', lit: true, label: 'raised' };
  if (alarm.problem !== null) return { tone: 'amber', lit: true, label: 'has a problem' };
  return { tone: 'green', lit: true, label: 'not raised' };
}
