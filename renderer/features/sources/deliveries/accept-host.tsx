import type { DeliveryDetail } from '../../../../shared/contract/deliveries.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { showUndo } from '../../../ui/feedback/toasts.tsx';
import { Mono } from '../../../ui/text/mono.tsx';
import { refusedHost } from '../model/refused-host.ts';
import classes from '../sources.module.css';

/** For a delivery that was refused since it came under a name that the receiver does not answer to. */
export function AcceptHost({ delivery }: { delivery: DeliveryDetail }) {
  const host = refusedHost(delivery);
  return host === null ? null : <Offer host={host} />;
}

function Offer({ host }: { host: string }) {
  const settings = useCall('settings.get', {}, { reloadOn: ['settings.changed'] }).value;
  const accept = useAction(async () => {
    const { acceptedHosts } = await call('settings.get', {});
    await call('settings.update', { acceptedHosts: [...acceptedHosts, host] });
    showUndo({
      message: `Deliveries for ${host} are accepted`,
      undo: () => call('settings.update', { acceptedHosts }),
    });
  });
  if (settings === undefined) return null;
  const isAccepted = settings.acceptedHosts.includes(host);
  return (
    <>
      <div className={classes.looksLike} role="note">
        <span>
          {isAccepted ? (
            <>
              Deliveries for <Mono>{host}</Mono> are accepted now. Ask the sender to send this one again.
            </>
          ) : (
            <>
              Sent to the host <Mono>{host}</Mono>, which is not among the accepted hosts.
            </>
          )}
        </span>
        {!isAccepted && (
          <PermittedButton needs="administer" loading={accept.busy} onClick={() => void accept.run()}>
            Accept deliveries for this host
          </PermittedButton>
        )}
      </div>
      {accept.error !== null && (
        <div className={classes.refusal}>
          <InlineError error={accept.error} />
        </div>
      )}
    </>
  );
}
