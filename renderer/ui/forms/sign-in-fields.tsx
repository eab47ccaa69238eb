import { PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import classes from './sign-in-fields.module.css';

/** The fields as typed. */
export interface SignInDraft {
  way: 'password' | 'token';
  name: string;
  password: string;
  token: string;
}

export const emptySignIn: SignInDraft = { way: 'password', name: '', password: '', token: '' };

/** Null while something is missing. */
export function readSignIn({ way, name, password, token }: SignInDraft) {
  if (way === 'token') return token.trim() === '' ? null : { token: token.trim() };
  return name.trim() === '' || password === '' ? null : { name: name.trim(), password };
}

interface SignInFieldsProps {
  value: SignInDraft;
  onChange: (draft: SignInDraft) => void;
}

/** Name and password, or a token. */
export function SignInFields({ value, onChange }: SignInFieldsProps) {
  const change = (part: Partial<SignInDraft>): void => onChange({ ...value, ...part });
  return (
    <div className={classes.fields}>
      <SegmentedControl
        aria-label="Sign in with"
        data={[
          { value: 'password', label: 'Name and password' },
          { value: 'token', label: 'Token' },
        ]}
        value={value.way}
        onChange={(way) => change({ way: way === 'token' ? 'token' : 'password' })}
      />
      {value.way === 'token' ? (
        <PasswordInput
          label="Token"
          autoComplete="off"
          value={value.token}
          onChange={(event) => change({ token: event.currentTarget.value })}
        />
      ) : (
        <>
          <TextInput
            label="Account name"
            autoComplete="username"
            value={value.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            value={value.password}
            onChange={(event) => change({ password: event.currentTarget.value })}
          />
        </>
      )}
    </div>
  );
}
