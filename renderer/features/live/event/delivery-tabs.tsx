import { Button } from '@mantine/core';
import { useState } from 'react';
import type { DeliveryDetail } from '../../../../shared/contract/deliveries.ts';
import { DeliveryFiles } from '../../../domain/event/delivery-files.tsx';
import { useCall } from '../../../model/calls/use-call.ts';
import { CodeBlock } from '../../../ui/code/code-block.tsx';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { KeyValueTable } from '../../../ui/tables/key-value-table.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { formatBytes } from '../../../ui/text/format.ts';
import { Hint } from '../../../ui/text/hint.tsx';
import classes from '../live.module.css';
import { hexDump } from '../model/hex-dump.ts';

function WithDelivery({
  id,
  children,
}: {
  id: string | null;
  children: (delivery: DeliveryDetail) => React.ReactNode;
}) {
  const delivery = useCall('deliveries.get', id === null ? null : { id });
  if (id === null) {
    return (
      <EmptyState title="No delivery">
        This event did not arrive over HTTP: it is a replay or was raised by Signalbox.
      </EmptyState>
    );
  }
  if (delivery.value !== undefined) return children(delivery.value);
  if (delivery.error === null) return <LoadingRows rows={8} />;
  return delivery.error.code === 'not_found' ? (
    <EmptyState title="Delivery removed">Retention has removed the raw request. Events are kept longer.</EmptyState>
  ) : (
    <ErrorState error={delivery.error} onRetry={delivery.reload} />
  );
}

export function HeadersTab({ deliveryId }: { deliveryId: string | null }) {
  return (
    <WithDelivery id={deliveryId}>
      {(delivery) => (
        <KeyValueTable mono rows={delivery.headers.map(([key, value]) => ({ key, value, copy: value }))} />
      )}
    </WithDelivery>
  );
}

function Body({ body }: { body: DeliveryDetail['body'] }) {
  const [isHex, setHex] = useState(body.encoding === 'base64');
  if (body.data === '') return <Hint>The request had no body.</Hint>;
  return (
    <>
      <div className={classes.rawTools}>
        <Button size="compact-xs" variant="default" aria-pressed={isHex} onClick={() => setHex(!isHex)}>
          {isHex ? 'As text' : 'As bytes'}
        </Button>
        {body.truncated && <Hint>Only the beginning is shown.</Hint>}
      </div>
      <CodeBlock text={isHex ? hexDump(body) : body.data} wrap={!isHex} copy={!isHex} />
    </>
  );
}

export function RawTab({ deliveryId }: { deliveryId: string | null }) {
  return (
    <WithDelivery id={deliveryId}>
      {(delivery) => (
        <>
          <KeyValueTable
            mono
            rows={[
              { key: 'Request', value: `${delivery.method} ${delivery.url}` },
              { key: 'From', value: delivery.remoteAddress },
              { key: 'Answered', value: `${delivery.status} ${delivery.result}` },
              {
                key: 'Body',
                value: `${formatBytes(delivery.bodyBytes)}${delivery.contentType === null ? '' : `, ${delivery.contentType}`}`,
              },
              { key: 'Delivery', value: delivery.id, copy: delivery.id },
            ]}
          />
          <DeliveryFiles delivery={delivery} />
          <Body body={delivery.body} />
        </>
      )}
    </WithDelivery>
  );
}
