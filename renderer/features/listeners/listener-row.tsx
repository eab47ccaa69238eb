import { IconAlertTriangle, IconLock } from '@tabler/icons-react';
import type { Listener } from '../../../shared/contract/listeners.ts';
import { Cell } from '../../components/cell.tsx';
import { Lamp } from '../../components/lamp.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { describeConditions } from '../../stores/listeners-describe.ts';
import { lampOf } from '../../stores/listeners-filter.ts';
import classes from './listeners.module.css';

export const columns = {
  wide: '12px minmax(150px, 1.4fr) minmax(90px, 0.7fr) minmax(110px, 1.1fr) minmax(140px, 2fr) minmax(90px, 0.8fr) 84px 16px',
  narrow: '12px minmax(0, 1fr) auto',
} as const;

export const headings = {
  wide: ['', 'Listener', 'Source', 'Types', 'Conditions', 'Job', 'Last match', ''],
  narrow: ['', 'Listener', ''],
} as const;

export function ListenerRow({ listener, narrow, isDirty }: { listener: Listener; narrow: boolean; isDirty: boolean }) {
  const lamp = lampOf(listener);
  const conditions = describeConditions(listener.where);
  const isDeleted = listener.state === 'deleted';
  const name = (
    <Cell title={listener.problem ?? `${listener.name} (${listener.slug})`}>
      <span className={isDeleted ? classes.gone : undefined}>{listener.name}</span>
      {isDirty && <span className={classes.dirty} title="Unsaved changes" />}
      {listener.mode === 'enrich' && !isDeleted && (
        <span className={classes.modeMark} title="Its job answers the sender">
          enrich
        </span>
      )}
      {!narrow && listener.name !== listener.slug && <span className={classes.slugCell}>{listener.slug}</span>}
    </Cell>
  );
  const mark =
    listener.problem !== null && !isDeleted ? (
      <IconAlertTriangle size={14} stroke={1.7} className={classes.problemMark} aria-label={listener.problem} />
    ) : listener.owner === 'config' ? (
      <IconLock size={13} stroke={1.6} className={classes.lock} aria-label="Declared in the config file" />
    ) : null;
  if (narrow) {
    return (
      <>
        <Lamp tone={lamp.tone} lit={lamp.lit} label={lamp.label} />
        {name}
        <span className={classes.mark}>{mark}</span>
      </>
    );
  }
  return (
    <>
      <Lamp tone={lamp.tone} lit={lamp.lit} label={lamp.label} />
      {name}
      <Cell dim={listener.source === null}>{listener.source ?? 'any'}</Cell>
      <Cell mono dim={listener.type.length === 0} title={listener.type.join('\n')}>
        {listener.type.length === 0 ? 'any' : listener.type.join(', ')}
      </Cell>
      <Cell dim={conditions === 'always'} title={conditions}>
        {conditions}
      </Cell>
      <Cell mono>{listener.job}</Cell>
      <Cell dim>{listener.lastMatchedAt === null ? 'never' : <TimeAgo at={listener.lastMatchedAt} />}</Cell>
      <span className={classes.mark}>{mark}</span>
    </>
  );
}
