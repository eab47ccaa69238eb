import { useState } from 'react';
import { type DeliveryDetail, isAcceptedLater } from '../../../../shared/contract/deliveries.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { navigate } from '../../../model/app/navigation.ts';
import { paths } from '../../../model/app/paths.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { showDone } from '../../../ui/feedback/toasts.tsx';

/** Reads a refused delivery again, once what it was refused for was corrected. */
export function AcceptNow({ delivery }: { delivery: DeliveryDetail }) {
  const [isDone, setDone] = useState(false);
  const accept = useAction(async () => {
    const { eventIds } = await call('deliveries.accept', { id: delivery.id });
    setDone(true);
    showDone('Delivery accepted');
    const [first] = eventIds;
    if (first !== undefined) navigate(paths.event(first));
  });
  if (delivery.result !== 'refused' || isDone || isAcceptedLater(delivery)) return null;
  return (
    <div>
      <PermittedButton
        needs="operate"
        variant="default"
        size="compact-sm"
        loading={accept.busy}
        title="Verifies and reads it again with the source as it is now"
        onClick={() => void accept.run()}
      >
        Accept now
      </PermittedButton>
      <InlineError error={accept.error} />
    </div>
  );
}
