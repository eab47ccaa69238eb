// A script job for what Next Identity tells of a person's data: says who it is and which attributes are another now.
import { defineJob } from 'signalbox';

interface Told {
  sub?: string;
  dataSourceInfo?: { attributes?: string[] };
}

export default defineJob<Told, { clientId?: string; propertyId?: string }>((event, run) => {
  const { sub = 'somebody', dataSourceInfo } = event.payload;
  const what = event.type.slice(event.type.lastIndexOf('/') + 1);
  const attributes = dataSourceInfo?.attributes ?? [];
  const changed = attributes.length === 0 ? '' : `: ${attributes.join(', ')}`;
  run.log(`${what} of ${sub} in ${event.context.propertyId ?? 'no property'}${changed}`);
  return { message: `${what}${changed}`, sub };
});
