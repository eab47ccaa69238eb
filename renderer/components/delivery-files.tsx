import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { Delivery, DeliveryFile } from '../../shared/contract/deliveries.ts';
import { downloadDeliveryFile } from '../stores/delivery-files.ts';
import { useAction, useCall } from '../stores/use-call.ts';
import { formatBytes } from './format.ts';
import { InlineError } from './inline-error.tsx';
import classes from './run-files.module.css';

/** The files of a multipart form; nothing where the delivery has none. */
export function DeliveryFiles({ delivery }: { delivery: Pick<Delivery, 'id' | 'contentType'> }) {
  const isForm = /^\s*multipart\/form-data/i.test(delivery.contentType ?? '');
  const got = useCall('deliveries.files', isForm ? { id: delivery.id } : null);
  const items = got.value?.items ?? [];
  if (items.length === 0) return <InlineError error={got.error} />;
  return (
    <section aria-label="Files">
      <h3 className={classes.title}>Files</h3>
      <ul className={classes.files}>
        {items.map((file) => (
          <FileRow key={file.index} deliveryId={delivery.id} file={file} />
        ))}
      </ul>
    </section>
  );
}

function FileRow({ deliveryId, file }: { deliveryId: string; file: DeliveryFile }) {
  const download = useAction(() => downloadDeliveryFile(deliveryId, file.index));
  return (
    <li className={classes.file}>
      <code className={classes.name}>{file.name}</code>
      <span className={classes.size}>
        {file.field} · {formatBytes(file.sizeBytes)}
      </span>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconDownload size={13} stroke={1.6} />}
        aria-label={`Download ${file.name}`}
        loading={download.busy}
        onClick={() => void download.run()}
      >
        Download
      </Button>
      <InlineError error={download.error} />
    </li>
  );
}
