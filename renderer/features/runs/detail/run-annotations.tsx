import type { RunDetail } from '../../../../shared/contract/runs.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { ToneBadge } from '../../../ui/feedback/tone-badge.tsx';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import classes from '../runs.module.css';

const tones = { notice: 'blue', warning: 'amber', error: 'red' } as const;

export function RunAnnotations({ run }: { run: RunDetail }) {
  if (run.annotations.length === 0) {
    return (
      <EmptyState title="No annotations">
        Jobs add annotations with ::notice::, ::warning:: and ::error:: at the start of an output line.
      </EmptyState>
    );
  }
  return (
    <ol className={classes.annotations}>
      {run.annotations.map((annotation, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: annotations are only ever added at the end
        <li key={index} className={classes.annotation}>
          <ToneBadge tone={tones[annotation.level]}>{annotation.level}</ToneBadge>
          <span className={classes.annotationText}>{annotation.text}</span>
          <span className={classes.dim}>
            <Timestamp at={annotation.at} />
          </span>
        </li>
      ))}
    </ol>
  );
}
