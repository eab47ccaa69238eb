import type { CatalogEntry, CatalogObject } from '../catalog-types.ts';
import { IN_SHEET, IN_SPACE, topics } from './samples.ts';

const configure = (status: string, info: string | null = null): CatalogObject => ({
  job: 'space:configure',
  domain: 'space',
  operation: 'configure',
  status,
  info,
});
const submit = (status: string, info: string | null): CatalogObject => ({
  job: 'sheet:submitOrders',
  domain: 'sheet',
  operation: 'submitOrders',
  status,
  info,
});
const progress = (current: number, total: number): CatalogObject => ({
  progress: { current, total, percent: Math.round((current / total) * 100) },
});
const context = [...IN_SPACE, 'jobId'];

export const flatfileJobs: readonly CatalogEntry[] = [
  ...topics('Jobs', [
    {
      topic: 'job:created',
      description: 'A job was requested; it may still be planned.',
      context,
      payload: configure('created'),
    },
    {
      topic: 'job:ready',
      description: 'A job waits for a listener to take it and do the work.',
      context,
      payload: configure('ready'),
    },
    {
      topic: 'job:updated',
      description: 'A job moved on: its state, its progress or what it says of itself.',
      context,
      payload: configure('executing', 'Making the sheets'),
      attributes: progress(2, 5),
    },
    {
      topic: 'job:completed',
      description: 'A job has done its work.',
      context,
      payload: configure('complete', 'The space is set up'),
      attributes: progress(5, 5),
    },
    {
      topic: 'job:failed',
      description: 'A job ended with an error.',
      context: [...IN_SHEET, 'jobId'],
      payload: submit('failed', 'Two orders have no customer'),
    },
    {
      topic: 'job:outcome-acknowledged',
      description: 'A person has seen how a job ended.',
      context: [...IN_SHEET, 'jobId'],
      payload: submit('complete', null),
    },
    { topic: 'job:deleted', description: 'A job was removed.', context },
  ]),
  ...topics(
    'Jobs',
    [
      {
        topic: 'job:scheduled',
        description: 'A job is set to run at a later time.',
        context,
        payload: configure('scheduled'),
      },
      {
        topic: 'job:parts-completed',
        description: 'All parts that a job was split into are done.',
        context,
        payload: configure('executing', 'All parts are done'),
        attributes: progress(4, 4),
      },
    ],
    'newer',
  ),
];
