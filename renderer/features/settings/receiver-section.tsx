import { Button } from '@mantine/core';
import { printAddress, type ReceiverAddress } from '../../../shared/contract/app.ts';
import { AppError, call } from '../../client/index.ts';
import { useAction } from '../../errors/use-action.ts';
import { useStatus } from '../../model/app/status.ts';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { Lamp } from '../../ui/feedback/lamp.tsx';
import { FormRow, FormSection } from '../../ui/forms/form-layout.tsx';
import { defaultText } from '../../ui/forms/placeholder-text.ts';
import { Mono } from '../../ui/text/mono.tsx';
import { parseReceiverAddress } from './model/receiver-address.ts';
import { TextSetting } from './setting-field.tsx';
import classes from './settings.module.css';

const hints = {
  options: 'Set by --receiver or SIGNALBOX_RECEIVER at start. A change here lasts until Signalbox stops.',
  setting: 'Set here. After a change, senders need the new address.',
  default: 'The default. Use 0.0.0.0 instead of 127.0.0.1 to accept deliveries from other machines.',
};

const setAddress = async (address: ReceiverAddress | null): Promise<void> =>
  useStatus.setState({ status: await call('app.setReceiverAddress', { address }) });

/** Null when it listens there, else why not. */
async function trySetAddress(address: ReceiverAddress): Promise<string | null> {
  try {
    await setAddress(address);
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.message;
  }
}

/** Where the receiver listens. A change applies immediately, or the field says why not. */
export function ReceiverSection() {
  const receiver = useStatus((state) => state.status?.receiver);
  const restoring = useAction(() => setAddress(null));
  if (receiver === undefined) return null;
  return (
    <FormSection title="Receiver" description="Where senders reach this machine.">
      <TextSetting
        label="Address and port"
        hint={hints[receiver.setBy]}
        placeholder={defaultText('127.0.0.1:8787')}
        width={340}
        mono
        value={printAddress(receiver)}
        onSave={async (text) => {
          const address = parseReceiverAddress(text);
          return address === null
            ? 'must be an address and a port, such as 127.0.0.1:8787'
            : await trySetAddress(address);
        }}
      />
      <FormRow label="State">
        <div className={classes.receiverState} role="status">
          <Lamp tone={receiver.problem !== null ? 'red' : receiver.accepting ? 'green' : 'amber'} />
          <span>
            {receiver.problem !== null ? (
              `${receiver.problem} Retrying automatically.`
            ) : (
              <>
                Listening on <Mono>{receiver.url}</Mono>
                {!receiver.accepting && '; deliveries are answered 503'}
              </>
            )}
          </span>
          {receiver.setBy === 'setting' && (
            <Button variant="default" size="compact-xs" loading={restoring.busy} onClick={() => void restoring.run()}>
              Use default
            </Button>
          )}
        </div>
        <InlineError error={restoring.error} />
      </FormRow>
    </FormSection>
  );
}
