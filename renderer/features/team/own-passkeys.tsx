import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Passkey } from '../../../shared/contract/passkeys.ts';
import { call, client, deviceName, type Output, passkeysMissing } from '../../client/index.ts';
import { useAction } from '../../errors/use-action.ts';
import type { CallState } from '../../model/calls/use-call.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { FormSection } from '../../ui/forms/form-layout.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import classes from './team.module.css';

export function OwnPasskeys({ got }: { got: CallState<Output<'account.passkeys'>> }) {
  return (
    <FormSection
      title="Passkeys"
      description="Sign in with a fingerprint, a face, a device PIN or a security key instead of a password."
    >
      {got.value === undefined ? (
        got.error === null ? (
          <LoadingRows rows={2} />
        ) : (
          <ErrorState error={got.error} title="The passkeys could not be loaded" onRetry={got.reload} />
        )
      ) : (
        <>
          <NewPasskey hasPassword={got.value.hasPassword} onCreated={got.reload} />
          {got.value.items.length === 0 ? (
            <EmptyState title="No passkeys yet" />
          ) : (
            <PasskeyTable passkeys={got.value.items} onChanged={got.reload} />
          )}
        </>
      )}
    </FormSection>
  );
}

/** Why no passkey can be created in this window; null where one can. */
function usePasskeyProblem(): string | null {
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (client.session === null) setProblem('Open the console in a browser to create a passkey.');
    else client.session.ways().then((ways) => setProblem(ways.passkeyProblem ?? passkeysMissing()), setProblem);
  }, []);
  return problem === null ? null : String(problem);
}

function NewPasskey({ hasPassword, onCreated }: { hasPassword: boolean; onCreated: () => void }) {
  const problem = usePasskeyProblem();
  const [name, setName] = useState(() => deviceName(navigator.userAgent));
  const [password, setPassword] = useState('');
  const create = useAction(async () => {
    await client.session?.createPasskey({ password }, name);
    setPassword('');
    onCreated();
  });
  if (problem !== null) return <p className={classes.quiet}>{problem}</p>;
  return (
    <form
      aria-label="New passkey"
      onSubmit={(event) => {
        event.preventDefault();
        void create.run();
      }}
    >
      <div className={classes.form}>
        <TextInput label="Passkey name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        {hasPassword && (
          <PasswordInput
            label="Current password"
            w={240}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        <Button
          type="submit"
          variant="default"
          loading={create.busy}
          disabled={name.trim() === '' || (hasPassword && password === '')}
        >
          Create passkey
        </Button>
      </div>
      <InlineError error={create.error} />
    </form>
  );
}

function PasskeyTable({ passkeys, onChanged }: { passkeys: readonly Passkey[]; onChanged: () => void }) {
  const remove = useAction(async (id: string) => {
    await call('account.removePasskey', { id });
    onChanged();
  });
  return (
    <>
      <InlineError error={remove.error} />
      <table className={classes.table} aria-label="Passkeys">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Works at</th>
            <th scope="col">Created</th>
            <th scope="col">Last used</th>
            <th scope="col" aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} onChanged={onChanged} onRemove={remove.run} />
          ))}
        </tbody>
      </table>
    </>
  );
}

interface RowProps {
  passkey: Passkey;
  onChanged: () => void;
  onRemove: (id: string) => Promise<void>;
}

function PasskeyRow({ passkey: { id, name, host, createdAt, lastUsedAt }, onChanged, onRemove }: RowProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const rename = useAction(async (next: string) => {
    await call('account.renamePasskey', { id, name: next });
    setDraft(null);
    onChanged();
  });
  return (
    <tr>
      <td>
        {draft === null ? (
          name
        ) : (
          <form
            className={classes.rename}
            onSubmit={(event) => {
              event.preventDefault();
              void rename.run(draft);
            }}
          >
            <TextInput
              aria-label={`New name of ${name}`}
              autoFocus
              value={draft}
              onChange={(event) => setDraft(event.currentTarget.value)}
            />
            <Button type="submit" variant="default" size="compact-xs" disabled={draft.trim() === ''}>
              Save
            </Button>
            <InlineError error={rename.error} />
          </form>
        )}
      </td>
      <td className={classes.mono}>{host}</td>
      <td>
        <Timestamp at={createdAt} day />
      </td>
      <td>{lastUsedAt === null ? 'never' : <TimeAgo at={lastUsedAt} />}</td>
      <td>
        <div className={classes.buttons}>
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`Rename the passkey ${name}`}
            onClick={() => setDraft(draft === null ? name : null)}
          >
            {draft === null ? 'Rename' : 'Cancel'}
          </Button>
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`Remove the passkey ${name}`}
            onClick={() => void onRemove(id)}
          >
            Remove
          </Button>
        </div>
      </td>
    </tr>
  );
}
