import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Connection } from '../../shared/contract/desktop.ts';
import { useAction } from '../errors/use-action.ts';
import { changeDesktop } from '../model/app/desktop.ts';
import { InlineError } from '../ui/feedback/inline-error.tsx';
import { emptySignIn, readSignIn, SignInFields } from '../ui/forms/sign-in-fields.tsx';
import { BrandMark } from './shell/brand.tsx';
import classes from './shell/shell.module.css';

/** The way back from a server that cannot be shown. */
export function ShowThisComputer() {
  const show = useAction(() => changeDesktop('desktop.show', { id: null }));
  return (
    <>
      <Button variant="default" size="sm" loading={show.busy} onClick={() => void show.run()}>
        Show this computer
      </Button>
      <InlineError error={show.error} />
    </>
  );
}

/** Over everything while the window shows a server that it is signed out of. */
export function ServerSignIn({ connection }: { connection: Connection }) {
  const [draft, setDraft] = useState(emptySignIn);
  const given = readSignIn(draft);
  const signIn = useAction(async () => {
    if (given !== null) await changeDesktop('desktop.signIn', { id: connection.id, signIn: given });
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
        <h1>Sign in to {connection.name}</h1>
        <p className={classes.quiet}>{connection.address}</p>
        <SignInFields value={draft} onChange={setDraft} />
        <InlineError error={signIn.error} />
        <Button type="submit" size="sm" fullWidth loading={signIn.busy} disabled={given === null}>
          Sign in
        </Button>
        <ShowThisComputer />
      </form>
    </main>
  );
}
