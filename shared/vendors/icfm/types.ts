import { type CatalogEntry, type CatalogObject, entry, SAMPLE_TIME } from '../catalog-types.ts';

type Row = readonly [type: string, description: string, details?: CatalogObject];

/**
 * CETA publishes the names of its events and not what is sent with them, so the bodies are imagined throughout. Types
 * that its list leaves without a word are described by their names.
 */
const group = (name: string, about: CatalogObject, rows: readonly Row[], isNamedOnly = false): CatalogEntry[] =>
  rows.map(([type, description, details = {}]) =>
    entry({
      type,
      group: name,
      description,
      sample: { event: type, ...about, ...details, user: 'jo', timestamp: SAMPLE_TIME },
      ...(isNamedOnly ? { isAssumed: true } : {}),
    }),
  );

const project = { project_id: 4021, project_name: 'Spring catalogue' };
const job = { ...project, job_id: 911 };
const dmg = { ...job, dmg_id: 57 };
const changed = (from: string, to: string): CatalogObject => ({ old_status: from, new_status: to });

const described: readonly CatalogEntry[] = [
  ...group('Projects', project, [['allocation_change', "A project's type or what belongs to it is set differently."]]),
  ...group('Client attendance', { ...project, attendee_id: 12 }, [
    ['client_attend_added', 'It was noted that a client will be there.'],
    ['client_attend_deleted', "A note of a client's attendance was taken out."],
    ['client_attend_modified', "A note of a client's attendance says something else."],
  ]),
  ...group('Despatch', { ...project, despatch_id: 330 }, [
    ['despatch_data_update', 'A despatch note was saved.'],
    ['despatch_status_change', 'A despatch note is at another stage.', changed('Packed', 'Sent')],
  ]),
  ...group('DMG', dmg, [
    ['dmg_actual_modified', 'What was really done on a DMG job was corrected.', { actual_hours: 3.5 }],
    ['dmg_description_modified', 'A DMG job is described differently.'],
    ['dmg_input_added', 'A job was given one more DMG input.', { input_id: 71 }],
    ['dmg_input_deleted', 'A DMG input was taken from a job.', { input_id: 71 }],
    ['dmg_input_modified', 'A DMG input was changed.', { input_id: 71 }],
    ['dmg_job_allocated', 'A DMG job was allocated.', { allocated_to: 'sam' }],
    ['dmg_operation_deleted', 'A DMG operation was taken from a job.', { operation_id: 8 }],
    ['dmg_operation_modified', 'A DMG operation of a job was changed.', { operation_id: 8 }],
    ['dmg_output_added', 'A job was given one more DMG output.', { output_id: 72 }],
    ['dmg_output_deleted', 'A DMG output was taken from a job.', { output_id: 72 }],
    ['dmg_output_modified', 'A DMG output was changed.', { output_id: 72 }],
    ['dmg_quantity_modified', 'A DMG operation has another quantity.', { operation_id: 8, quantity: 24 }],
  ]),
];

const named: readonly CatalogEntry[] = [
  ...group(
    'DMG',
    dmg,
    [
      ['dmg_service_added', 'A DMG service was added.', { service_id: 5 }],
      ['dmg_service_deleted', 'A DMG service was taken out.', { service_id: 5 }],
      ['dmg_work_started', 'Work on a DMG job has begun.'],
      ['dmg_work_stopped', 'Work on a DMG job has paused or ended.'],
    ],
    true,
  ),
  ...group('Gekko', { gekko_id: 3 }, [['gekko_create', 'Something was made in Gekko.']], true),
  ...group(
    'Jobs',
    job,
    [
      ['job_completed', 'A job is done.'],
      ['job_detail_added', 'A job has one more detail line.', { detail_id: 2 }],
      ['job_detail_completed', 'A detail line of a job is done.', { detail_id: 2 }],
      ['job_detail_deleted', 'A detail line was taken from a job.', { detail_id: 2 }],
      ['job_detail_started', 'Work on a detail line of a job has begun.', { detail_id: 2 }],
      ['job_detail_stopped', 'Work on a detail line of a job has paused or ended.', { detail_id: 2 }],
      ['job_saved', 'A job was saved.'],
      ['job_status_change', 'A job is at another stage.', changed('Booked', 'In progress')],
    ],
    true,
  ),
  ...group(
    'Leads',
    { lead_id: 205 },
    [
      ['lead_added', 'There is a new lead.', { company: 'Northwind' }],
      ['lead_comment_added', 'A comment was made on a lead.', { comment: 'Call again in May' }],
      ['lead_status_assigned', 'A lead was given a stage.', { new_status: 'Qualified' }],
      ['lead_status_modified', 'A lead is at another stage.', changed('Qualified', 'Won')],
    ],
    true,
  ),
  ...group(
    'Library',
    { item_id: 640 },
    [
      ['library_data_update', 'What is known of a library item changed.'],
      ['library_item_created', 'The library has one more item.', { title: 'Studio portraits 12' }],
    ],
    true,
  ),
  ...group(
    'Purchase orders',
    { po_id: 88 },
    [['po_status_change', 'A purchase order is at another stage.', changed('Raised', 'Approved')]],
    true,
  ),
  ...group(
    'Projects',
    project,
    [
      ['project_comment_added', 'A comment was made on a project.', { comment: 'Proofs are with the client' }],
      ['project_created', 'There is a new project.'],
      ['project_status_change', 'A project is at another stage.', changed('Quoted', 'Approved')],
    ],
    true,
  ),
  ...group(
    'Quotes',
    { ...project, quote_id: 1503 },
    [
      ['quote_created', 'There is a new quote.', { total: 1840 }],
      ['quote_status_change', 'A quote is at another stage.', changed('Sent', 'Accepted')],
    ],
    true,
  ),
  ...group(
    'RSS and RS',
    job,
    [
      ['rss_actuals_completed', 'The actuals of an RSS entry are all in.', { rss_id: 19 }],
      ['rss_added', 'An RSS entry was added.', { rss_id: 19 }],
      ['rss_deleted', 'An RSS entry was taken out.', { rss_id: 19 }],
      ['rss_modified', 'An RSS entry was changed.', { rss_id: 19 }],
      ['rs_added', 'An RS entry was added.', { rs_id: 20 }],
      ['rs_deleted', 'An RS entry was taken out.', { rs_id: 20 }],
      ['rs_modified', 'An RS entry was changed.', { rs_id: 20 }],
    ],
    true,
  ),
  ...group('Sundries', job, [['sundry_saved', 'A sundry item was saved.', { sundry_id: 4, amount: 12.5 }]], true),
];

export const icfmTypes: readonly CatalogEntry[] = [...described, ...named];
