import { Button, PasswordInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { minPasswordChars } from '../../shared/contract/operators.ts';
import { client } from '../client/index.ts';
import { useAction } from '../errors/use-action.ts';
import { InlineError } from '../ui/feedback/inline-error.tsx';
import { BrandMark } from './shell/brand.tsx';
import classes from './shell/shell.module.css';

/** What a one-time link opens: sets the password of an account, and signs in. */
export function Join({ code }: { code: string }) {
  const [name, setName] = useState<string | null>(null);
  const [password, setPassword] = useState('');
  const look = useAction(async () => setName((await client.session?.invitedName(code)) ?? null));
  const { run } = look;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again for another link
  useEffect(() => void run(), [run, code]);
  const join = useAction(async () => {
    await client.session?.join(code, password);
    history.replaceState(null, '', `${location.pathname}#/`);
    location.reload();
  });
  return (
    <main className={classes.gate}>
      <form
        className={classes.signIn}
        onSubmit={(event) => {
          event.preventDefault();
          void join.run();
        }}
      >
        <BrandMark tone="green" size={40} />
        <h1>{name === null ? 'Set your password' : `Welcome, ${name}`}</h1>
        <InlineError error={look.error} />
        {name !== null && (
          <>
            <p className={classes.quiet}>Set the password you will sign in with. This link works once.</p>
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
          </>
        )}
      </form>
    </main>
  );
}
