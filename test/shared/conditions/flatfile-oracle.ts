// Prints the vendor listener's answer to one event and filter: {"raw": …, "topic": …, "filter": …} as the only argument.
// Without a topic the filter alone is asked about.
import { FlatfileEvent, FlatfileListener } from '@flatfile/listener';
import { z } from 'zod';

const asked = z
  .object({
    raw: z.custom<ConstructorParameters<typeof FlatfileEvent>[0]>(),
    topic: z.union([z.string(), z.array(z.string()), z.null()]),
    filter: z.record(z.string(), z.unknown()),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));
const listener = new FlatfileListener();
const event = new FlatfileEvent(asked.raw);
const { topic, filter } = asked;
if (topic !== null) listener.on(topic, filter, () => {});
const answer = topic === null ? listener.matchEvent(event, filter) : listener.getListeners(event).length > 0;
process.stdout.write(JSON.stringify(answer));
