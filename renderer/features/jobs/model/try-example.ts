import type { Example, ExamplePart } from '../../../../shared/contract/examples.ts';
import type { Listener } from '../../../../shared/contract/listeners.ts';
import { AppError, call } from '../../../client/index.ts';
import { paths } from '../../../model/app/paths.ts';

const pages: Readonly<Record<ExamplePart['kind'], (slug: string) => string>> = {
  source: paths.source,
  job: paths.job,
  listener: paths.listener,
};

export const pageOfPart = ({ kind, slug }: ExamplePart): string => pages[kind](slug);

type Need = Example['needs'][number];

/** What an operator has still to give before the example works. */
export const openNeeds = ({ needs }: Example): Need[] => needs.filter(({ isMet }) => !isMet);

/** Where it is given, in the window; null for a file. */
export const pageOfNeed = ({ kind, job }: Need): string | null =>
  kind === 'secret' ? paths.settings() : job === undefined ? null : paths.job(job);

/** Its listeners that wait to be enabled, since something was missing when they were made. */
export function disabledListeners(example: Example, listeners: readonly Pick<Listener, 'slug' | 'state'>[]): string[] {
  const own = new Set(example.parts.filter(({ kind }) => kind === 'listener').map(({ slug }) => slug));
  return listeners.filter(({ slug, state }) => own.has(slug) && state === 'disabled').map(({ slug }) => slug);
}

/** Sends the example's own event, signed as its source asks for it; gives the id of the event. */
export async function tryExample({ sample, parts }: Example): Promise<string> {
  if (sample === null) throw new AppError('invalid_input', 'This example has no sample event.');
  const source = parts.find(({ kind }) => kind === 'source');
  if (source === undefined) {
    const { eventId } = await call('events.raise', { type: sample.type, message: sample.payload });
    if (eventId !== null) return eventId;
  } else {
    const body = JSON.stringify({ type: sample.type, ...sample.payload });
    const { status, body: answer, eventIds } = await call('sources.sendTest', { slug: source.slug, body, sign: true });
    const [eventId] = eventIds;
    if (eventId !== undefined) return eventId;
    throw new AppError('conflict', `The source ${source.slug} answered ${status}: ${answer}`);
  }
  throw new AppError('internal', 'The delivery was accepted, but produced no event.');
}
