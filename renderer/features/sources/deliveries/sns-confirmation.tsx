import { useState } from 'react';
import type { DeliveryDetail } from '../../../../shared/contract/deliveries.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { Mono } from '../../../ui/text/mono.tsx';
import { askedTopic } from '../model/sns-subscription.ts';
import classes from '../sources.module.css';

/** Amazon asks whether this address wants a topic's messages; nothing is fetched before a person agrees. */
export function SnsConfirmation({ delivery }: { delivery: DeliveryDetail }) {
  const [arn, setArn] = useState<string | null>(null);
  const confirm = useAction(async () => {
    const { subscriptionArn } = await call('sources.confirmSubscription', { deliveryId: delivery.id });
    setArn(subscriptionArn);
  });
  const topic = askedTopic(delivery);
  if (topic === null || delivery.result === 'refused' || delivery.result === 'tried') return null;
  return (
    <>
      <div className={classes.looksLike} role="note">
        <span>
          {arn === null ? (
            <>
              Amazon SNS asks to send the messages of <Mono>{topic}</Mono> here.
            </>
          ) : (
            <>
              Subscribed: <Mono>{arn}</Mono>
            </>
          )}
        </span>
        {arn === null && (
          <PermittedButton needs="define" loading={confirm.busy} onClick={() => void confirm.run()}>
            Approve the subscription
          </PermittedButton>
        )}
      </div>
      {confirm.error !== null && (
        <div className={classes.refusal}>
          <InlineError error={confirm.error} />
        </div>
      )}
    </>
  );
}
