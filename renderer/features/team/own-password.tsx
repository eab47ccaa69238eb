import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { minPasswordChars } from '../../../shared/contract/operators.ts';
import { call } from '../../client/index.ts';
import { useAction } from '../../errors/use-action.ts';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { showDone } from '../../ui/feedback/toasts.tsx';
import { FormSection } from '../../ui/forms/form-layout.tsx';
import classes from './team.module.css';

/** An account that signs in with a passkey alone has no current password to enter. */
export function OwnPassword({ hasPassword, onChanged }: { hasPassword: boolean; onChanged: () => void }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useAction(async () => {
    await call('account.setPassword', { current, next });
    setCurrent('');
    setNext('');
    onChanged();
    showDone('Password saved; other sessions have ended');
  });
  return (
    <FormSection title="Password">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change.run();
        }}
      >
        <div className={classes.form}>
          {hasPassword && (
            <PasswordInput
              label="Current password"
              w={240}
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.currentTarget.value)}
            />
          )}
          <PasswordInput
            label={`New password, at least ${minPasswordChars} characters`}
            w={300}
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
          />
          <Button
            type="submit"
            variant="default"
            loading={change.busy}
            disabled={(hasPassword && current === '') || next.length < minPasswordChars}
          >
            {hasPassword ? 'Change password' : 'Set password'}
          </Button>
        </div>
        <InlineError error={change.error} />
      </form>
    </FormSection>
  );
}
