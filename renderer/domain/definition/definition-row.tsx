import { IconAlertTriangle, IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Owner } from '../../../shared/contract/common.ts';
import { Lamp, type Tone } from '../../ui/feedback/lamp.tsx';
import { Cell } from '../../ui/tables/cell.tsx';
import { formatCount } from '../../ui/text/format.ts';
import classes from './definition-row.module.css';

interface DefinitionRowProps {
  definition: { name: string; slug: string; owner: Owner; problem: string | null };
  lamp: { tone: Tone; lit: boolean; pulse?: boolean; label: string };
  /** Beside an open pane there is no room for the slug and the further cells. */
  narrow: boolean;
  isDirty: boolean;
  dim?: boolean;
  isGone?: boolean;
  /** What is out of use needs nothing mended: its problem is not marked. */
  isOutOfUse?: boolean;
  behindName?: ReactNode;
  /** Cells between the name and the mark, beside an open pane. */
  narrowCells?: ReactNode;
  /** Cells between the name and the mark. */
  children: ReactNode;
}

/** The row of a source, listener or job: its lamp and name, cells of its own, and what is wrong with it. */
export function DefinitionRow(props: DefinitionRowProps) {
  const { definition, lamp, narrow } = props;
  return (
    <>
      <Lamp tone={lamp.tone} lit={lamp.lit} pulse={lamp.pulse === true} label={lamp.label} />
      <DefinitionName of={definition} narrow={narrow} isDirty={props.isDirty} dim={props.dim} isGone={props.isGone}>
        {props.behindName}
      </DefinitionName>
      {narrow ? props.narrowCells : props.children}
      <DefinitionMark problem={props.isOutOfUse === true ? null : definition.problem} owner={definition.owner} />
    </>
  );
}

interface DefinitionNameProps {
  of: DefinitionRowProps['definition'];
  narrow: boolean;
  isDirty: boolean;
  dim: boolean | undefined;
  isGone: boolean | undefined;
  children: ReactNode;
}

/** The cell with the name of a source, job or listener. */
function DefinitionName({ of, narrow, isDirty, dim = false, isGone, children }: DefinitionNameProps) {
  return (
    <Cell title={of.problem ?? `${of.name} (${of.slug})`} dim={dim}>
      <span className={classes.name}>
        <span className={isGone === true ? `${classes.text} ${classes.gone}` : classes.text}>{of.name}</span>
        {isDirty && <span className={classes.dirty} title="Unsaved changes" />}
        {children}
        {!narrow && of.name !== of.slug && <span className={classes.slug}>{of.slug}</span>}
      </span>
    </Cell>
  );
}

/** The last cell: what is wrong with it or, where all is well, that it is not the operators' to change. */
function DefinitionMark({ problem, owner }: { problem: string | null; owner: Owner }) {
  return (
    <span className={classes.mark}>
      {problem !== null ? (
        <IconAlertTriangle size={14} stroke={1.7} className={classes.problem} aria-label={problem} />
      ) : (
        owner !== 'user' && (
          <IconLock
            size={13}
            stroke={1.6}
            className={classes.lock}
            aria-label={owner === 'builtin' ? 'Built in' : 'Declared in the config file'}
          />
        )
      )}
    </span>
  );
}

interface CountCellProps {
  value: number;
  tone?: 'amber' | 'blue' | 'red';
}

/** A count that is a dash while there is nothing to count. */
export function CountCell({ value, tone }: CountCellProps) {
  return (
    <Cell align="end" dim={value === 0}>
      {value === 0 ? '–' : <span className={tone && classes[tone]}>{formatCount(value)}</span>}
    </Cell>
  );
}
