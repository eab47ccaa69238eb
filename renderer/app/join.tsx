import { Button, PasswordInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { minPasswordChars } from '../../shared/contract/operators.ts';
import { client, deviceName, passkeysMissing } from '../client/index.ts';
import type { Invited } from '../client/session.ts';
import { useAction } from '../errors/use-action.ts';
import { InlineError } from '../ui/feedback/inline-error.tsx';
import { BrandMark } from './shell/brand.tsx';
import classes from './shell/shell.module.css';

/** Leaves the link, which is used up. */
function openConsole(): void {
  history.replaceState(null, '', `${location.pathname}#/`);
  location.reload();
}

/** What a one-time link opens: sets what an account signs in with, a passkey or a password, and signs in. */
export function Join({ code }: { code: string }) {
  const [invited, setInvited] = useState<Invited | null>(null);
  const [wantsPassword, setWantsPassword] = useState(false);
  const look = useAction(async () => setInvited((await client.session?.invited(code)) ?? null));
  const { run } = look;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again for another link
  useEffect(() => void run(), [run, code]);
  const problem = invited?.passkeyProblem ?? passkeysMissing();
  return (
    <main className={classes.gate}>
      <div className={classes.signIn}>
        <BrandMark tone="green" size={40} />
        <h1>{invited === null ? 'Set up your account' : `Welcome, ${invited.name}`}</h1>
        <InlineError error={look.error} />
        {invited !== null && (
          <>
            <p className={classes.quiet}>Choose what you will sign in with. This link works once.</p>
            {problem === null ? <CreatePasskey code={code} /> : <p className={classes.quiet}>{problem}</p>}
            {problem !== null || wantsPassword ? (
              <SetPassword code={code} name={invited.name} />
            ) : (
              <Button variant="default" size="sm" fullWidth onClick={() => setWantsPassword(true)}>
                Set a password instead
              </Button>
            )}
          </>
        )}
      </div>
    </main>
  );
}

function CreatePasskey({ code }: { code: string }) {
  const create = useAction(async () => {
    await client.session?.createPasskey({ code }, deviceName(navigator.userAgent));
    openConsole();
  });
  return (
    <>
      <Button size="sm" fullWidth loading={create.busy} onClick={() => void create.run()}>
        Create a passkey
      </Button>
      <InlineError error={create.error} />
    </>
  );
}

function SetPassword({ code, name }: { code: string; name: string }) {
  const [password, setPassword] = useState('');
  const join = useAction(async () => {
    await client.session?.join(code, password);
    openConsole();
  });
  return (
    <form
      className={classes.signIn}
      onSubmit={(event) => {
        event.preventDefault();
        void join.run();
      }}
    >
      {/* Password managers store the password under it. */}
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <PasswordInput
        label="New password"
        description={`At least ${minPasswordChars} characters`}
        size="sm"
        autoFocus
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <InlineError error={join.error} />
      <Button type="submit" size="sm" fullWidth loading={join.busy} disabled={password.length < minPasswordChars}>
        Set password and sign in
      </Button>
    </form>
  );
}
