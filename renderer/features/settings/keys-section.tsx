import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { type KeyAlgorithm, keyAlgorithms } from '../../../shared/contract/keys.ts';
import { call } from '../../client/index.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { useAction } from '../../errors/use-action.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { CopyButton } from '../../ui/feedback/copy-button.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { showDone } from '../../ui/feedback/toasts.tsx';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';
import { FormRow, FormSection } from '../../ui/forms/form-layout.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import classes from './settings.module.css';

/** The keys that enrich answers are signed with, and the address at which their public parts are published. */
export function KeysSection() {
  const got = useCall('keys.list', {}, { reloadOn: ['settings.changed'] });
  const [isAsking, setAsking] = useState(false);
  const [algorithm, setAlgorithm] = useState<KeyAlgorithm | null>(null);
  const current = got.value?.items.find((key) => key.state === 'current');
  const chosen = algorithm ?? current?.algorithm ?? keyAlgorithms[0];
  const rotate = useAction(async () => {
    const key = await call('keys.rotate', { algorithm: chosen });
    setAsking(false);
    got.reload();
    showDone(`Answers are now signed with …${key.id.slice(-6)}`);
  });
  return (
    <FormSection
      title="Signing keys"
      description="Answers to Next Identity are tokens signed by this installation. The vendor fetches the public keys; private keys never leave this machine."
    >
      {got.value === undefined ? (
        got.error === null ? (
          <LoadingRows rows={2} />
        ) : (
          <ErrorState error={got.error} title="The keys could not be loaded" onRetry={got.reload} />
        )
      ) : (
        <>
          <FormRow label="JWKS" hint="Public: give this address to the vendor.">
            <span className={classes.keyUrl}>
              <code>{got.value.jwksUrl}</code>
              <CopyButton text={got.value.jwksUrl} title="Copy JWKS address" />
            </span>
          </FormRow>
          <FormRow label="Issuer" hint="The iss claim of the tokens.">
            <span className={classes.keyUrl}>
              <code>{got.value.issuer}</code>
              <CopyButton text={got.value.issuer} title="Copy issuer" />
            </span>
          </FormRow>
          {got.value.items.length === 0 ? (
            <p className={classes.quiet}>No keys yet. The first signed answer creates one.</p>
          ) : (
            <ul className={classes.secrets} aria-label="Signing keys">
              {got.value.items.map((key) => (
                <li key={key.id} className={classes.secret}>
                  <div className={classes.keyLine}>
                    <code className={classes.secretName} title={key.id}>
                      {key.id}
                    </code>
                    <span className={classes.usedBy}>{key.algorithm}</span>
                    <span>
                      <ToneBadge tone={key.state === 'current' ? 'green' : 'grey'}>
                        {key.state === 'current' ? 'current' : 'still published'}
                      </ToneBadge>
                    </span>
                    <span className={classes.age}>
                      <TimeAgo at={key.createdAt} />
                    </span>
                    <CopyButton text={key.id} title="Copy key ID" />
                  </div>
                </li>
              ))}
            </ul>
          )}
          <div className={classes.under}>
            {isAsking ? (
              <div className={classes.rotate}>
                <p>
                  The new key signs every answer from now on. The previous key stays published until the next rotation,
                  so that tokens in transit can still be verified; any older key is deleted.
                  {got.value.items.length > 1 && ' The key marked “still published” is deleted.'}
                </p>
                <div className={classes.buttons}>
                  <SegmentedControl
                    aria-label="Algorithm"
                    data={[...keyAlgorithms]}
                    value={chosen}
                    onChange={(next) => setAlgorithm(keyAlgorithms.find((one) => one === next) ?? null)}
                  />
                  <Button loading={rotate.busy} onClick={() => void rotate.run()}>
                    Create key
                  </Button>
                  <Button variant="subtle" color="gray" autoFocus onClick={() => setAsking(false)}>
                    Cancel
                  </Button>
                </div>
              </div>
            ) : (
              <PermittedButton needs="administer" variant="default" onClick={() => setAsking(true)}>
                {current === undefined ? 'Create key' : 'Rotate'}
              </PermittedButton>
            )}
          </div>
          <InlineError error={rotate.error} />
        </>
      )}
    </FormSection>
  );
}
