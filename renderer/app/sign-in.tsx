import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { client } from '../client/index.ts';
import { useAction } from '../errors/use-action.ts';
import { InlineError } from '../ui/feedback/inline-error.tsx';
import { BrandMark } from './shell/brand.tsx';
import classes from './shell/shell.module.css';

/** Over everything while there is no session: what was on show stays below it. */
export function SignIn() {
  const [token, setToken] = useState('');
  const isExpired = new URLSearchParams(location.search).has('expired');
  const signIn = useAction(async () => {
    await client.signIn?.(token.trim());
    // The notice is about an address that no longer matters.
    if (isExpired) history.replaceState(history.state, '', `/${location.hash}`);
  });
  return (
    <main className={classes.gate}>
      <form
        className={classes.signIn}
        onSubmit={(event) => {
          event.preventDefault();
          void signIn.run();
        }}
      >
        <BrandMark tone="red" size={40} />
        <h1>Sign in to the console</h1>
        {isExpired && (
          <p role="status">
            This sign-in address was already used or has expired. Request a new one, or enter the token.
          </p>
        )}
        <p className={classes.quiet}>
          The token is in the file <code>console-token</code> in the data directory of Signalbox. Start it with{' '}
          <code>--sign-in</code> to print an address that signs in without the token.
        </p>
        <PasswordInput
          label="Console token"
          size="sm"
          autoFocus
          autoComplete="current-password"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
        />
        <InlineError error={signIn.error} />
        <Button type="submit" size="sm" fullWidth loading={signIn.busy} disabled={token.trim() === ''}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
