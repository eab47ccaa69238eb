// A script job for a file that RevoEngine has stored: looks at what is known of it and asks for a second look a minute
// later, by an event of its own that is raised now and happens then.
import { defineJob } from 'signalbox';

interface StoredFile {
  name?: string;
  path?: string;
  sizeBytes?: number;
  contentType?: string;
}

export default defineJob<{ message?: StoredFile } & StoredFile>(async (event, run) => {
  const file = event.payload.message ?? event.payload;
  const name = file.name ?? file.path ?? 'a file without a name';
  const kilobytes = Math.ceil((file.sizeBytes ?? 0) / 1024);
  run.log(`${name}: ${kilobytes} KB of ${file.contentType ?? 'unknown content'}`);
  const { dueAt } = await run.raise('prices_checked', { name, kilobytes }, { inSeconds: 60 });
  return { message: `${name} was looked at; again at ${dueAt?.slice(11, 19)}`, name, kilobytes };
});
