import { Button, Select, Switch } from '@mantine/core';
import { useState } from 'react';
import { roles } from '../../../shared/contract/access/roles.ts';
import type { Operator } from '../../../shared/contract/operators.ts';
import { type CallInput, call } from '../../client/index.ts';
import { useAction } from '../../errors/use-action.ts';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { showDone } from '../../ui/feedback/toasts.tsx';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { type FreshLink, toRole } from './operator-fields.ts';
import classes from './team.module.css';

interface OperatorRowProps {
  operator: Operator;
  onChanged: () => void;
  onLink: (fresh: FreshLink) => void;
}

const tones = { active: 'green', invited: 'amber', disabled: 'grey' } as const;

export function OperatorRow({ operator, onChanged, onLink }: OperatorRowProps) {
  const { name, role, mayApprove, state, signIn, lastSeenAt, sessions, apiTokens } = operator;
  const [asks, setAsks] = useState<'reset' | 'remove' | null>(null);
  const change = useAction(async (patch: Omit<CallInput<'operators.update'>, 'name'>) => {
    await call('operators.update', { name, ...patch });
    onChanged();
  });
  const end = useAction(async () => {
    const { revoked } = await call('operators.revoke', { name });
    showDone(`${revoked} sessions and API tokens revoked`);
    onChanged();
  });
  const settle = useAction(async (what: 'reset' | 'remove') => {
    setAsks(null);
    if (what === 'reset') return onLink({ name, link: (await call('operators.reset', { name })).link });
    await call('operators.remove', { name });
    showDone(`${name} was deleted`);
    onChanged();
  });
  return (
    <tr>
      <td>
        {name}
        <InlineError error={change.error ?? end.error ?? settle.error} />
      </td>
      <td>
        <Select
          aria-label={`Role of ${name}`}
          w={110}
          data={[...roles]}
          value={role}
          allowDeselect={false}
          disabled={signIn === 'company'}
          onChange={(value) => void change.run({ role: toRole(value) })}
        />
      </td>
      <td>
        <Switch
          aria-label={`${name} may approve`}
          checked={mayApprove}
          disabled={role === 'viewer' || signIn === 'company'}
          onChange={(event) => void change.run({ mayApprove: event.currentTarget.checked })}
        />
      </td>
      <td>
        <ToneBadge tone={tones[state]}>{state}</ToneBadge>
      </td>
      <td>{lastSeenAt === null ? <span className={classes.quiet}>never</span> : <TimeAgo at={lastSeenAt} />}</td>
      <td>{sessions + apiTokens}</td>
      <td>
        <div className={classes.buttons}>
          {asks === null ? (
            <>
              <Button
                variant="default"
                size="compact-xs"
                disabled={sessions + apiTokens === 0}
                loading={end.busy}
                onClick={() => void end.run()}
              >
                Revoke sessions
              </Button>
              <Button
                variant="default"
                size="compact-xs"
                disabled={signIn === 'company'}
                onClick={() => setAsks('reset')}
              >
                New link
              </Button>
              <Button
                variant="default"
                size="compact-xs"
                loading={change.busy}
                onClick={() => void change.run({ disabled: state !== 'disabled' })}
              >
                {state === 'disabled' ? 'Enable' : 'Disable'}
              </Button>
              <Button variant="default" size="compact-xs" onClick={() => setAsks('remove')}>
                Delete
              </Button>
            </>
          ) : (
            <>
              <Button variant="default" size="compact-xs" autoFocus onClick={() => void settle.run(asks)}>
                {asks === 'reset' ? 'Forget the password and create a link' : `Delete ${name} permanently`}
              </Button>
              <Button variant="subtle" color="gray" size="compact-xs" onClick={() => setAsks(null)}>
                Cancel
              </Button>
            </>
          )}
        </div>
      </td>
    </tr>
  );
}
