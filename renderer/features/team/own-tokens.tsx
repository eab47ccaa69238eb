import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { hasRole, type Role, roles } from '../../../shared/contract/access/roles.ts';
import { call } from '../../client/index.ts';
import { useAction } from '../../errors/use-action.ts';
import { useAccount, useLack } from '../../model/app/account.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { CopyButton } from '../../ui/feedback/copy-button.tsx';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { FormSection } from '../../ui/forms/form-layout.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import { toRole } from './operator-fields.ts';
import classes from './team.module.css';

const lifetimes = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
];

export function OwnTokens() {
  const got = useCall('account.tokens', {});
  const [fresh, setFresh] = useState<string | null>(null);
  const revoke = useAction(async (id: string) => {
    await call('account.revokeToken', { id });
    got.reload();
  });
  const show = (token: string): void => {
    setFresh(token);
    got.reload();
  };
  return (
    <FormSection
      title="API tokens"
      description="For scripts and the signalbox command: send Authorization: Bearer, or set SIGNALBOX_TOKEN."
    >
      <NewToken onCreated={show} />
      {fresh !== null && (
        <div className={classes.link} role="status">
          <span>
            Copy this token now; it is not shown again: <span className={classes.mono}>{fresh}</span>
          </span>
          <CopyButton text={fresh} title="Copy token" />
        </div>
      )}
      <InlineError error={revoke.error} />
      {got.value === undefined ? (
        got.error === null ? (
          <LoadingRows rows={2} />
        ) : (
          <ErrorState error={got.error} title="The API tokens could not be loaded" onRetry={got.reload} />
        )
      ) : got.value.items.length === 0 ? (
        <EmptyState title="No API tokens yet" />
      ) : (
        <table className={classes.table} aria-label="API tokens">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Role</th>
              <th scope="col">Last used</th>
              <th scope="col">Expires</th>
              <th scope="col" aria-label="Actions" />
            </tr>
          </thead>
          <tbody>
            {got.value.items.map(({ id, name, role, mayApprove, lastUsedAt, expiresAt }) => (
              <tr key={id}>
                <td>{name}</td>
                <td>{mayApprove ? `${role}, may approve` : role}</td>
                <td>{lastUsedAt === null ? 'never' : <TimeAgo at={lastUsedAt} />}</td>
                <td>
                  <Timestamp at={expiresAt} day />
                </td>
                <td>
                  <div className={classes.buttons}>
                    <Button
                      variant="default"
                      size="compact-xs"
                      aria-label={`Revoke the token ${name}`}
                      onClick={() => void revoke.run(id)}
                    >
                      Revoke
                    </Button>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </FormSection>
  );
}

function NewToken({ onCreated }: { onCreated: (token: string) => void }) {
  const own = useAccount((state) => state.account?.role ?? 'viewer');
  const approveLack = useLack('approve');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [mayApprove, setMayApprove] = useState(false);
  const [days, setDays] = useState('30');
  const create = useAction(async () => {
    const { token } = await call('account.createToken', { name, role, mayApprove, days: Number(days) });
    setName('');
    onCreated(token);
  });
  return (
    <form
      aria-label="New API token"
      onSubmit={(event) => {
        event.preventDefault();
        void create.run();
      }}
    >
      <div className={classes.form}>
        <TextInput label="Token name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Select
          label="Role"
          w={120}
          data={roles.filter((one) => hasRole(own, one))}
          value={role}
          allowDeselect={false}
          onChange={(value) => setRole(toRole(value))}
        />
        <Select
          label="Expires after"
          w={120}
          data={lifetimes}
          value={days}
          allowDeselect={false}
          onChange={(value) => setDays(value ?? '30')}
        />
        <Switch
          label="May approve"
          disabled={approveLack !== null || role === 'viewer'}
          checked={mayApprove && role !== 'viewer'}
          onChange={(event) => setMayApprove(event.currentTarget.checked)}
        />
        <Button type="submit" variant="default" loading={create.busy} disabled={name.trim() === ''}>
          Create token
        </Button>
      </div>
      <InlineError error={create.error} />
    </form>
  );
}
