import type { Delivery } from '../../../shared/contract/deliveries.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { downloadDeliveryFile } from '../../model/events/download-delivery-file.ts';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { FileList, FileRow } from '../../ui/tables/file-list.tsx';
import { formatBytes } from '../../ui/text/format.ts';

/** The files of a multipart form; nothing where the delivery has none. */
export function DeliveryFiles({ delivery }: { delivery: Pick<Delivery, 'id' | 'contentType'> }) {
  const isForm = /^\s*multipart\/form-data/i.test(delivery.contentType ?? '');
  const got = useCall('deliveries.files', isForm ? { id: delivery.id } : null);
  const items = got.value?.items ?? [];
  if (items.length === 0) return <InlineError error={got.error} />;
  return (
    <FileList title="Files">
      {items.map(({ index, name, field, sizeBytes }) => (
        <FileRow
          key={index}
          name={name}
          detail={`${field} · ${formatBytes(sizeBytes)}`}
          onDownload={() => downloadDeliveryFile(delivery.id, index)}
        />
      ))}
    </FileList>
  );
}
