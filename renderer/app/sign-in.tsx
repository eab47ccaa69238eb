import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { client, passkeysMissing } from '../client/index.ts';
import { onlyToken, type SignInWays } from '../client/session.ts';
import { useAction } from '../errors/use-action.ts';
import { InlineError } from '../ui/feedback/inline-error.tsx';
import { BrandMark } from './shell/brand.tsx';
import classes from './shell/shell.module.css';

/** Over everything while there is no session: what was on show stays below it. */
export function SignIn() {
  const [ways, setWays] = useState<SignInWays | null>(null);
  const [wantsToken, setWantsToken] = useState(false);
  useEffect(() => {
    client.session?.ways().then(setWays, () => setWays(onlyToken));
  }, []);
  const hasPassword = ways?.password === true;
  return (
    <main className={classes.gate}>
      <div className={classes.signIn}>
        <BrandMark tone="red" size={40} />
        <h1>Sign in to the console</h1>
        <Notice />
        {ways !== null && (hasPassword && !wantsToken ? <PasswordForm /> : <TokenForm />)}
        {ways?.passkey === true && <PasskeyButton />}
        {ways?.openId === true && (
          <Button component="a" href="session/openid" variant="default" size="sm" fullWidth>
            Sign in with your company account
          </Button>
        )}
        {hasPassword && ways.token && (
          <Button variant="subtle" color="gray" size="sm" fullWidth onClick={() => setWantsToken(!wantsToken)}>
            {wantsToken ? 'Use name and password' : 'Use the console token'}
          </Button>
        )}
      </div>
    </main>
  );
}

const noRole = 'Your company account has no role here. Contact an administrator of Signalbox.';
const failed = 'Sign-in with your company account failed. Try again, or see the log of Signalbox for the reason.';

function Notice() {
  const search = new URLSearchParams(location.search);
  if (search.has('expired')) {
    return (
      <p role="status">This sign-in address was already used or has expired. Request a new one, or enter the token.</p>
    );
  }
  const refused = search.get('refused');
  return refused === null ? null : <p role="alert">{refused === 'forbidden' ? noRole : failed}</p>;
}

/** The notice is about an address that no longer matters. */
const forgetNotice = (): void => {
  if (location.search !== '') history.replaceState(history.state, '', `${location.pathname}${location.hash}`);
};

function PasskeyButton() {
  const missing = passkeysMissing();
  const signIn = useAction(async () => {
    await client.session?.signInWithPasskey();
    forgetNotice();
    // As after a password.
    location.reload();
  });
  return (
    <>
      <Button
        variant="default"
        size="sm"
        fullWidth
        loading={signIn.busy}
        disabled={missing !== null}
        title={missing ?? undefined}
        onClick={() => void signIn.run()}
      >
        Sign in with a passkey
      </Button>
      <InlineError error={signIn.error} />
    </>
  );
}

function PasswordForm() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useAction(async () => {
    await client.session?.signIn(name.trim(), password);
    forgetNotice();
    // What is on show below may be what another person was allowed to see.
    location.reload();
  });
  return (
    <form
      className={classes.signIn}
      onSubmit={(event) => {
        event.preventDefault();
        void signIn.run();
      }}
    >
      <TextInput
        label="Name"
        size="sm"
        autoFocus
        autoComplete="username"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        size="sm"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <InlineError error={signIn.error} />
      <Button type="submit" size="sm" fullWidth loading={signIn.busy} disabled={name.trim() === '' || password === ''}>
        Sign in
      </Button>
    </form>
  );
}

function TokenForm() {
  const [token, setToken] = useState('');
  const signIn = useAction(async () => {
    await client.signIn?.(token.trim());
    forgetNotice();
  });
  return (
    <form
      className={classes.signIn}
      onSubmit={(event) => {
        event.preventDefault();
        void signIn.run();
      }}
    >
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
  );
}
