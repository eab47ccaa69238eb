import type { CatalogEntry, CatalogObject } from '../catalog-types.ts';
import { flatfileJobs } from './job-types.ts';
import { flatfileNewer } from './newer-types.ts';
import { IN_ACCOUNT, IN_SHEET, IN_SPACE, IN_WORKBOOK, topics } from './samples.ts';

const dataClip = (status: string): CatalogObject => ({ accountId: 'us_acc_51', dataClipId: 'us_dcl_62', status });
const inFile = [...IN_SPACE, 'fileId'];
const inDocument = [...IN_SPACE, 'documentId'];

/** The topics of the vendor's event page. The domain is not always what the topic begins with. */
const documented: readonly CatalogEntry[] = [
  ...topics('Workbooks', [
    { topic: 'workbook:created', description: 'A space has a new workbook.', context: [...IN_WORKBOOK, 'jobId'] },
    {
      topic: 'workbook:updated',
      description: 'The name or settings of a workbook changed, not its records.',
      context: IN_WORKBOOK,
    },
    { topic: 'workbook:deleted', description: 'A workbook was removed.', context: IN_WORKBOOK },
    {
      topic: 'workbook:expired',
      description: 'The time of a workbook ran out.',
      context: IN_WORKBOOK,
      withoutActor: true,
    },
  ]),
  ...topics('Documents', [
    { topic: 'document:created', description: 'A document was added.', context: inDocument },
    { topic: 'document:updated', description: 'A document says something else now.', context: inDocument },
    { topic: 'document:deleted', description: 'A document was removed.', context: inDocument },
  ]),
  ...topics('Sheets', [
    {
      topic: 'sheet:updated',
      description: 'Something about a sheet as a whole changed, not its records.',
      context: IN_SHEET,
    },
    { topic: 'sheet:deleted', description: 'A sheet was removed.', context: IN_SHEET },
    {
      topic: 'snapshot:created',
      description: 'The state of a sheet was kept, to go back to.',
      domain: 'sheet',
      context: ['appId', ...IN_SHEET, 'snapshotId'],
    },
  ]),
  ...topics('Records', [
    {
      topic: 'commit:created',
      description: 'Cells of records were filled or changed.',
      domain: 'workbook',
      context: [...IN_SHEET, 'versionId'],
    },
    {
      topic: 'commit:completed',
      description: 'A commit and all that followed from it is done, where the workbook tracks changes.',
      domain: 'workbook',
      context: ['appId', ...IN_SHEET, 'versionId', 'commitId'],
    },
    {
      topic: 'layer:created',
      description: 'A program added its own changes to a commit, such as checks or formats.',
      domain: 'workbook',
      context: [...IN_SHEET, 'versionId', 'layerId'],
    },
  ]),
  ...topics('Files', [
    { topic: 'file:created', description: 'A file came in, or its upload has begun.', context: inFile },
    {
      topic: 'file:updated',
      description: 'A file got a new state, such as having been read into a workbook.',
      context: inFile,
      payload: { status: 'complete', workbookId: 'us_wb_54' },
    },
    { topic: 'file:deleted', description: 'A file was removed.', context: inFile },
    { topic: 'file:expired', description: 'The time of a file ran out.', context: inFile, withoutActor: true },
  ]),
  ...topics('Agents', [
    {
      topic: 'agent:created',
      description: 'Code was deployed as a new agent.',
      domain: 'space',
      context: [...IN_ACCOUNT, 'agentId'],
    },
    {
      topic: 'agent:updated',
      description: 'An agent runs other code or settings now.',
      domain: 'space',
      context: [...IN_ACCOUNT, 'agentId'],
    },
    {
      topic: 'agent:deleted',
      description: 'An agent was removed.',
      domain: 'space',
      context: [...IN_ACCOUNT, 'agentId'],
    },
  ]),
  ...topics('Spaces', [
    { topic: 'space:created', description: 'There is a new space.', context: IN_SPACE },
    { topic: 'space:updated', description: 'The settings of a space changed.', context: IN_SPACE },
    { topic: 'space:deleted', description: 'A space was removed.', context: IN_WORKBOOK },
    { topic: 'space:expired', description: 'The time of a space ran out.', context: IN_WORKBOOK, withoutActor: true },
    { topic: 'space:archived', description: 'A space was put away.', context: IN_SPACE, withoutActor: true },
    { topic: 'space:guestAdded', description: 'A guest may enter a space.', context: [...IN_SPACE, 'guestId'] },
    {
      topic: 'space:guestRemoved',
      description: 'A guest may not enter a space any more.',
      context: [...IN_SPACE, 'guestId'],
    },
  ]),
  ...topics('Secrets', [
    { topic: 'secret:created', description: 'A secret was stored.', context: [...IN_SPACE, 'secretId'] },
    { topic: 'secret:updated', description: 'A secret has another value.', context: [...IN_SPACE, 'secretId'] },
    { topic: 'secret:deleted', description: 'A secret was removed.', context: [...IN_SPACE, 'secretId'] },
  ]),
  ...topics('Data clips', [
    {
      topic: 'data-clip:created',
      description: 'Records were set aside as a data clip.',
      context: IN_SPACE,
      payload: dataClip('OPEN'),
    },
    {
      topic: 'data-clip:updated',
      description: 'The details of a data clip changed, not the records in it.',
      context: IN_SPACE,
      payload: dataClip('OPEN'),
    },
    {
      topic: 'data-clip:deleted',
      description: 'A data clip was removed.',
      context: IN_SPACE,
      payload: dataClip('CLOSED'),
    },
  ]),
];

export const flatfileTypes: readonly CatalogEntry[] = [...documented, ...flatfileJobs, ...flatfileNewer];
