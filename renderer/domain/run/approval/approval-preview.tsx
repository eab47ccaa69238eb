import type { Approval } from '../../../../shared/contract/approvals.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { JsonView } from '../../../ui/code/json-view.tsx';
import { CopyButton } from '../../../ui/feedback/copy-button.tsx';
import { KeyValueTable } from '../../../ui/tables/key-value-table.tsx';
import { Mono } from '../../../ui/text/mono.tsx';
import { TagList } from '../../../ui/text/tag-list.tsx';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
import { BatchEvents } from '../../event/batch-events.tsx';
import { ApprovalFiles } from './approval-files.tsx';
import classes from './approval-preview.module.css';
import { DifferenceTable } from './difference-table.tsx';

interface ApprovalPreviewProps {
  approval: Approval;
  /** Where the event is not shown beside it anyway. */
  withEvent?: boolean;
}

/** Exactly what an approval would let run: nothing is left out, nothing put nicely. */
export function ApprovalPreview({ approval, withEvent = false }: ApprovalPreviewProps) {
  const { argv, file, fileSha256, cwd, envNames, secretNames, event } = approval;
  return (
    <section className={classes.approval} aria-label="What will run">
      <h3 className={classes.title}>What will run</h3>
      {approval.kind !== 'script' ? (
        <ol className={classes.argv} aria-label={approval.kind === 'http' ? 'Request' : 'Command and arguments'}>
          {argv.map((arg, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: arguments repeat, and their order is what they are
            <li key={index}>
              <code>{arg === '' ? <i className={classes.empty}>empty</i> : arg}</code>
            </li>
          ))}
        </ol>
      ) : (
        <p className={classes.script}>
          <Mono>{file}</Mono>
        </p>
      )}
      <KeyValueTable
        rows={[
          ...(approval.kind === 'http'
            ? []
            : [
                { key: 'Working directory', value: <Mono>{cwd}</Mono>, copy: cwd },
                { key: 'Environment', value: namesOf(envNames) },
              ]),
          { key: 'Secrets', value: namesOf(secretNames) },
          ...(fileSha256 === null ? [] : [{ key: 'SHA-256', value: <Mono>{fileSha256}</Mono>, copy: fileSha256 }]),
          {
            key: 'Event',
            value: (
              <>
                <a href={hrefOf(paths.event(event.id))}>
                  <Mono>{event.type}</Mono>
                </a>{' '}
                <span className={classes.dim}>from {event.source}</span>
              </>
            ),
          },
        ]}
      />
      {approval.batch !== undefined && <BatchEvents batch={approval.batch} />}
      <ApprovalFiles approval={approval} />
      <Differences previous={approval.previous} />
      {withEvent && (
        <>
          <h3 className={classes.title}>
            {approval.batch === undefined ? 'Event passed to it' : 'Newest event passed to it'}
            <span className={classes.spacer} />
            <CopyButton text={() => stringifyExact(event.payload, 2)} title="Copy payload" />
          </h3>
          <JsonView value={{ context: event.context, payload: event.payload }} label="Event" maxHeight="320px" />
        </>
      )}
    </section>
  );
}

const namesOf = (names: readonly string[]) =>
  names.length === 0 ? <span className={classes.dim}>none</span> : <TagList items={names} />;

function Differences({ previous }: { previous: Approval['previous'] }) {
  if (previous === null) {
    return <p className={classes.first}>No approved run of this job to compare with.</p>;
  }
  const { differences } = previous;
  const before = (
    <>
      <a href={hrefOf(paths.run(previous.runId))}>the run</a> that {previous.approvedBy} approved{' '}
      <TimeAgo at={previous.approvedAt} />
    </>
  );
  if (differences.length === 0) {
    return <p className={classes.same}>No differences from {before}, apart from the event.</p>;
  }
  return (
    <>
      <p className={classes.changed}>
        {differences.length === 1 ? '1 difference' : `${differences.length} differences`} from {before}:
      </p>
      <DifferenceTable differences={differences} />
    </>
  );
}
