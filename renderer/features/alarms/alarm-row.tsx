import type { Alarm } from '../../../shared/contract/alarms.ts';
import { CountCell, DefinitionRow } from '../../domain/definition/definition-row.tsx';
import { Cell } from '../../ui/tables/cell.tsx';
import { endHead } from '../../ui/tables/list-head.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { alarmLampOf, describeChannels, describeCondition, kindNames } from './model/describe-alarm.ts';

export const columns = {
  wide: '12px minmax(110px, 1.4fr) minmax(110px, 0.8fr) minmax(120px, 2fr) minmax(90px, 1fr) 64px clamp(72px, 10cqi, 100px) 16px',
  narrow: '12px minmax(0, 1fr) auto',
} as const;

export const headings = {
  wide: ['', 'Alarm', 'Kind', 'Condition', 'Notifies', endHead('Raised'), 'Last raised', ''],
  narrow: ['', 'Alarm', ''],
} as const;

export function AlarmRow({ alarm, narrow, isDirty }: { alarm: Alarm; narrow: boolean; isDirty: boolean }) {
  const condition = describeCondition(alarm.when);
  return (
    <DefinitionRow
      definition={alarm}
      lamp={alarmLampOf(alarm)}
      narrow={narrow}
      isDirty={isDirty}
      dim={!alarm.enabled}
      isOutOfUse={!alarm.enabled}
    >
      <Cell>{kindNames[alarm.when.kind]}</Cell>
      <Cell title={condition}>{condition}</Cell>
      <Cell dim={alarm.notify.length === 0}>{describeChannels(alarm)}</Cell>
      <CountCell value={alarm.raised} tone="red" />
      <Cell dim>{alarm.lastRaisedAt === null ? 'never' : <TimeAgo at={alarm.lastRaisedAt} />}</Cell>
    </DefinitionRow>
  );
}
