import type { CatalogEntry } from '../catalog-types.ts';
import { IN_ACCOUNT, IN_SHEET, IN_SPACE, IN_WORKBOOK, type TopicRow, topics } from './samples.ts';

const lifeOf = (prefix: string, thing: string, context: readonly string[]): TopicRow[] => [
  { topic: `${prefix}:created`, description: `New ${thing}.`, context },
  { topic: `${prefix}:updated`, description: `Updated ${thing}.`, context },
  { topic: `${prefix}:deleted`, description: `Deleted ${thing}.`, context },
];

const recordsOf = (topic: string, description: string): TopicRow => ({
  topic,
  description,
  domain: 'sheet',
  context: [...IN_SHEET, 'versionId'],
  payload: { recordIds: ['us_rc_901', 'us_rc_902'] },
});

const clock = (topic: string, description: string): TopicRow => ({
  topic,
  description,
  context: IN_ACCOUNT,
  withoutActor: true,
});

const inDataClip = [...IN_SPACE, 'dataClipId'];
const inProgram = [...IN_ACCOUNT, 'programId'];

/** Topics that the vendor's API has and its event page does not. */
export const flatfileNewer: readonly CatalogEntry[] = [
  ...topics('Actions', lifeOf('action', 'action that users can start', [...IN_SPACE, 'actionId']), 'newer'),
  ...topics('Canvases', lifeOf('canvas', 'canvas', [...IN_SPACE, 'canvasId']), 'newer'),
  ...topics('Canvases', lifeOf('canvas-area', 'area of a canvas', [...IN_SPACE, 'canvasId', 'canvasAreaId']), 'newer'),
  ...topics('Threads', lifeOf('thread', 'conversation', [...IN_SPACE, 'threadId']), 'newer'),
  ...topics('Flags', lifeOf('flag', 'feature flag', [...IN_ACCOUNT, 'flagId']), 'newer'),
  ...topics(
    'Records',
    [
      recordsOf('records:created', 'Records were added to a sheet.'),
      recordsOf('records:updated', 'Records of a sheet were updated.'),
      recordsOf('records:deleted', 'Records were deleted from a sheet.'),
      {
        topic: 'commit:updated',
        description: 'A commit was updated.',
        domain: 'workbook',
        context: [...IN_SHEET, 'versionId', 'commitId'],
      },
    ],
    'newer',
  ),
  ...topics(
    'Clock',
    [
      clock('cron:5-minutes', 'Every five minutes.'),
      clock('cron:hourly', 'Every hour.'),
      clock('cron:daily', 'Every day.'),
      clock('cron:weekly', 'Every week.'),
    ],
    'newer',
  ),
  ...topics(
    'Data clips',
    [
      {
        topic: 'data-clip:collaborator-updated',
        description: 'The collaborators of a data clip changed.',
        context: inDataClip,
        payload: { dataClipId: 'us_dcl_62', status: 'OPEN' },
      },
      {
        topic: 'data-clip:resolutions-created',
        description: 'A conflict between differing values was resolved.',
        context: inDataClip,
        payload: { resolutions: 3 },
      },
      {
        topic: 'data-clip:resolutions-updated',
        description: 'A decision between differing values was changed.',
        context: inDataClip,
        payload: { resolutions: 3 },
      },
      {
        topic: 'data-clip:resolutions-refreshed',
        description: 'The resolutions of a data clip were refreshed.',
        context: inDataClip,
        payload: { resolutions: 4 },
      },
    ],
    'newer',
  ),
  ...topics(
    'Environments',
    [
      ...lifeOf('environment', 'environment', IN_ACCOUNT),
      {
        topic: 'environment:autobuild-created',
        description: 'An environment was configured automatically.',
        context: IN_ACCOUNT,
      },
    ],
    'newer',
  ),
  ...topics(
    'Programs',
    [
      { topic: 'program:created', description: 'A mapping program was created.', context: inProgram },
      { topic: 'program:updated', description: 'A mapping program was updated.', context: inProgram },
      { topic: 'program:recomputing', description: 'A mapping program is being recomputed.', context: inProgram },
      { topic: 'program:recomputed', description: 'A mapping program was recomputed.', context: inProgram },
    ],
    'newer',
  ),
  ...topics(
    'Sheets',
    [
      { topic: 'sheet:created', description: 'A sheet was added to a workbook.', context: IN_SHEET },
      {
        topic: 'sheet:counts-updated',
        description: 'The record counts of a sheet changed.',
        context: IN_SHEET,
        payload: { counts: { total: 120, valid: 117, error: 3 } },
      },
      {
        topic: 'sheet:calculation-updated',
        description: 'The calculations of a sheet were updated.',
        context: IN_SHEET,
      },
    ],
    'newer',
  ),
  ...topics(
    'Spaces',
    [{ topic: 'space:unarchived', description: 'A space was unarchived.', context: IN_SPACE }],
    'newer',
  ),
  ...topics(
    'Workbooks',
    [
      {
        topic: 'workbook:thawed',
        description: 'A workbook is available again.',
        context: IN_WORKBOOK,
      },
    ],
    'newer',
  ),
];
