import { Button } from '@mantine/core';
import { useState } from 'react';
import type { DeliveryDetail } from '../../../shared/contract/deliveries.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { DeliveryFiles } from '../../components/delivery-files.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { formatBytes } from '../../components/format.ts';
import { Hint } from '../../components/hint.tsx';
import { KeyValueTable } from '../../components/key-value-table.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { useCall } from '../../stores/use-call.ts';
import { hexDump } from './hex-dump.ts';
import classes from './live.module.css';

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
        This event did not arrive over HTTP: it is a replay, or Signalbox raised it.
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
