import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Connection, connectionColors, type Probe } from '../../../shared/contract/desktop.ts';
import { useAction } from '../../errors/use-action.ts';
import { changeDesktop, probeServer } from '../../model/app/desktop.ts';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { FormRow, FormSection } from '../../ui/forms/form-layout.tsx';
import { monoInput } from '../../ui/forms/mono-input.ts';
import { exampleText } from '../../ui/forms/placeholder-text.ts';
import { emptySignIn, readSignIn, SignInFields } from '../../ui/forms/sign-in-fields.tsx';
import { CertificateCheck } from './certificate-check.tsx';

const colorNames: Record<Connection['color'], string> = {
  blue: 'Blue',
  amber: 'Amber',
  green: 'Green',
  red: 'Red',
  grey: 'Grey',
};

/** Address first: nothing is sent before the way to the server has been looked at. */
export function ConnectForm({ keepsTokens }: { keepsTokens: boolean }) {
  const [address, setAddress] = useState('');
  const [probe, setProbe] = useState<Probe | null>(null);
  const [isAccepted, setAccepted] = useState(false);
  const [name, setName] = useState('');
  const [color, setColor] = useState<Connection['color']>('blue');
  const [draft, setDraft] = useState(emptySignIn);
  const signIn = readSignIn(draft);
  const look = useAction(async () => {
    const seen = await probeServer(address);
    setProbe(seen);
    setAccepted(false);
    setAddress(seen.address);
    setName(new URL(seen.address).host);
  });
  const connect = useAction(async () => {
    if (probe === null || signIn === null) return;
    await changeDesktop('desktop.connect', {
      address: probe.address,
      name,
      color,
      signIn,
      fingerprint: probe.encryption === 'untrusted' ? (probe.certificate?.fingerprint ?? null) : null,
      allowPlain: probe.encryption === 'none' && isAccepted,
    });
  });
  const isSafe = probe?.encryption === 'trusted' || probe?.encryption === 'loopback' || isAccepted;
  return (
    <FormSection title="Connect to a server" description="Shows a Signalbox server in this window, as a browser does.">
      <form
        aria-label="Connect to a server"
        onSubmit={(event) => {
          event.preventDefault();
          void (probe === null ? look : connect).run();
        }}
      >
        <FormRow label="Address" htmlFor="connect-address" hint="The address of the server’s console.">
          <TextInput
            id="connect-address"
            classNames={monoInput}
            maw={420}
            placeholder={exampleText('https://ops.example.com')}
            value={address}
            onChange={(event) => {
              setAddress(event.currentTarget.value);
              setProbe(null);
              look.clear();
              connect.clear();
            }}
          />
        </FormRow>
        {probe !== null && (
          <>
            <CertificateCheck probe={probe} isAccepted={isAccepted} onAccept={setAccepted} />
            <FormRow label="Name" htmlFor="connect-name">
              <TextInput
                id="connect-name"
                maw={340}
                maxLength={60}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            </FormRow>
            <FormRow label="Color" hint="Marks the window while it shows this server.">
              <SegmentedControl
                aria-label="Color"
                data={connectionColors.map((value) => ({ value, label: colorNames[value] }))}
                value={color}
                onChange={(value) => setColor(connectionColors.find((one) => one === value) ?? 'blue')}
              />
            </FormRow>
            <FormRow
              label="Sign-in"
              hint={
                keepsTokens
                  ? 'Saved in the keychain of this computer.'
                  : 'Kept until Signalbox quits: this computer has no keychain to save it in.'
              }
            >
              <SignInFields value={draft} onChange={setDraft} />
            </FormRow>
          </>
        )}
        <FormRow label="">
          {probe === null ? (
            <Button type="submit" loading={look.busy} disabled={address.trim() === ''}>
              Continue
            </Button>
          ) : (
            <Button type="submit" loading={connect.busy} disabled={!isSafe || name.trim() === '' || signIn === null}>
              Connect
            </Button>
          )}
          <InlineError error={look.error ?? connect.error} />
        </FormRow>
      </form>
    </FormSection>
  );
}
