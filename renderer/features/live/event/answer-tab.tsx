import type { Answer } from '../../../../shared/contract/events.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { CodeBlock } from '../../../ui/code/code-block.tsx';
import { JsonView } from '../../../ui/code/json-view.tsx';
import { Lamp } from '../../../ui/feedback/lamp.tsx';
import { KeyValueTable } from '../../../ui/tables/key-value-table.tsx';
import { Mono } from '../../../ui/text/mono.tsx';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import classes from '../live.module.css';
import { readToken } from '../model/jwt-parts.ts';

/** What the sender was answered, and who decided it. */
export function AnswerTab({ answer, receivedAt }: { answer: Answer; receivedAt: string }) {
  const isJob = answer.decided === 'job';
  const token = readToken(answer.body);
  const tookMs = Date.parse(answer.at) - Date.parse(receivedAt);
  return (
    <>
      <KeyValueTable
        rows={[
          {
            key: 'Decided by',
            value: (
              <span className={classes.fact}>
                <Lamp tone={isJob ? 'green' : 'amber'} />
                {isJob ? 'its job' : 'the fallback'}
                {answer.message !== null && <span className={classes.key}>{answer.message}</span>}
              </span>
            ),
          },
          {
            key: 'Listener',
            value: <a href={hrefOf(paths.listener(answer.listener))}>{answer.listener}</a>,
          },
          ...(answer.runId === null
            ? []
            : [
                { key: 'Run', value: <a href={hrefOf(paths.run(answer.runId))}>{answer.runId}</a>, copy: answer.runId },
              ]),
          {
            key: 'Answered',
            value: (
              <>
                <Timestamp at={answer.at} precise /> <span className={classes.key}>after {tookMs} ms</span>
              </>
            ),
          },
          { key: 'Status', value: <Mono>{answer.status}</Mono> },
          { key: 'Content type', value: <Mono>{answer.contentType}</Mono> },
          ...(answer.passedOver.length === 0
            ? []
            : [
                {
                  key: 'Skipped',
                  value: answer.passedOver.map((slug, index) => (
                    <span key={slug}>
                      {index > 0 && ', '}
                      <a href={hrefOf(paths.listener(slug))}>{slug}</a>
                    </span>
                  )),
                },
              ]),
        ]}
      />
      <h3 className={classes.partTitle}>Decision</h3>
      <JsonView value={answer.decision} label="Decision" maxHeight="240px" />
      {token !== null && (
        <>
          <h3 className={classes.partTitle}>Claims of the signed answer</h3>
          <JsonView value={token.claims} label="Claims" maxHeight="240px" />
        </>
      )}
      <h3 className={classes.partTitle}>Body as sent</h3>
      <CodeBlock text={answer.body} />
    </>
  );
}
