import type { Listener } from '../../../shared/contract/listeners.ts';
import { DefinitionRow } from '../../domain/definition/definition-row.tsx';
import { Cell } from '../../ui/tables/cell.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import classes from './listeners.module.css';
import { describeConditions } from './model/describe-conditions.ts';
import { lampOf } from './model/filter-listeners.ts';

export const columns = {
  wide: '12px minmax(110px, 1.4fr) minmax(56px, 0.7fr) minmax(70px, 1.1fr) minmax(80px, 2fr) minmax(60px, 0.8fr) clamp(64px, 9cqi, 84px) 16px',
  narrow: '12px minmax(0, 1fr) auto',
} as const;

export const headings = {
  wide: ['', 'Listener', 'Source', 'Types', 'Conditions', 'Job', 'Last match', ''],
  narrow: ['', 'Listener', ''],
} as const;

export function ListenerRow({ listener, narrow, isDirty }: { listener: Listener; narrow: boolean; isDirty: boolean }) {
  const conditions = describeConditions(listener.where);
  const isDeleted = listener.state === 'deleted';
  return (
    <DefinitionRow
      definition={listener}
      lamp={lampOf(listener)}
      narrow={narrow}
      isDirty={isDirty}
      isGone={isDeleted}
      isOutOfUse={isDeleted}
      behindName={
        listener.mode !== 'notify' &&
        !isDeleted && (
          <span
            className={classes.modeMark}
            title={listener.mode === 'enrich' ? 'Its job answers the sender' : 'Records matches, starts no runs'}
          >
            {listener.mode}
          </span>
        )
      }
    >
      <Cell dim={listener.source === null}>{listener.source ?? 'any'}</Cell>
      <Cell mono dim={listener.type.length === 0} title={listener.type.join('\n')}>
        {listener.type.length === 0 ? 'any' : listener.type.join(', ')}
      </Cell>
      <Cell dim={conditions === 'always'} title={conditions}>
        {conditions}
      </Cell>
      <Cell mono>{listener.job}</Cell>
      <Cell dim>{listener.lastMatchedAt === null ? 'never' : <TimeAgo at={listener.lastMatchedAt} />}</Cell>
    </DefinitionRow>
  );
}
