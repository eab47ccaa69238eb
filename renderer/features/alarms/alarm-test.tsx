import { useState } from 'react';
import type { Output } from '../../../shared/contract/index.ts';
import { call } from '../../client/index.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { useAction } from '../../errors/use-action.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { useDebounced } from '../../model/calls/use-debounced.ts';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { Lamp } from '../../ui/feedback/lamp.tsx';
import { FormRow, FormSection } from '../../ui/forms/form-layout.tsx';
import classes from './alarms.module.css';
import { type AlarmDraft, alarmInputOf, channelsOf, conditionProblems } from './model/alarm-draft.ts';

const shownFindings = 20;
const viaNames = { desktop: 'Desktop', webhook: 'Webhook', email: 'E-mail' } as const;

/** What the draft says now, and a message to its channels. */
export function AlarmTest({ draft }: { draft: AlarmDraft }) {
  const isIncomplete = Object.keys(conditionProblems(draft)).length > 0;
  const when = JSON.stringify(alarmInputOf(draft).when);
  const settled = useDebounced(when, 400);
  const input = alarmInputOf(draft);
  const now = useCall('alarms.preview', isIncomplete || settled !== when ? null : { when: input.when }, { keep: true });
  const [sent, setSent] = useState<Output<'alarms.test'>['items'] | null>(null);
  const test = useAction(async () => {
    setSent(null);
    const { items } = await call('alarms.test', {
      ...(input.name === undefined ? {} : { name: input.name }),
      notify: channelsOf(draft),
    });
    setSent(items);
  });
  const findings = now.value?.items ?? [];
  return (
    <FormSection title="Test">
      <FormRow label="Now" hint={findings.length > shownFindings ? `${findings.length} in total` : undefined}>
        {isIncomplete ? (
          <p className={classes.quiet}>Complete the condition to see its state.</p>
        ) : now.error !== null ? (
          <InlineError error={now.error} />
        ) : findings.length === 0 ? (
          <p className={classes.quiet}>Nothing to evaluate yet.</p>
        ) : (
          <ul className={classes.findings}>
            {findings.slice(0, shownFindings).map(({ subject, isRaised, message }) => (
              <li key={`${subject?.kind}/${subject?.slug}`}>
                <Lamp tone={isRaised ? 'red' : 'green'} lit label={isRaised ? 'raised' : 'not raised'} />
                <span>{message}</span>
              </li>
            ))}
          </ul>
        )}
      </FormRow>
      <FormRow label="Channels">
        <PermittedButton
          needs="define"
          variant="default"
          loading={test.busy}
          disabled={channelsOf(draft).length === 0}
          onClick={() => void test.run()}
        >
          Send test notification
        </PermittedButton>
        <InlineError error={test.error} />
        {sent !== null && (
          <ul className={classes.findings} role="status">
            {sent.map(({ via, problem }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the channels of one test, in their order
              <li key={index}>
                <Lamp tone={problem === null ? 'green' : 'red'} lit label={problem === null ? 'sent' : 'not sent'} />
                <span>
                  {viaNames[via]}: {problem ?? 'sent'}
                </span>
              </li>
            ))}
          </ul>
        )}
      </FormRow>
    </FormSection>
  );
}
