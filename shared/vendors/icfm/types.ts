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

const project = { project_id: 4021, project_name: 'Spring catalog' };
const job = { ...project, job_id: 911 };
const dmg = { ...job, dmg_id: 57 };
const changed = (from: string, to: string): CatalogObject => ({ old_status: from, new_status: to });

const described: readonly CatalogEntry[] = [
  ...group('Projects', project, [['allocation_change', 'The type or allocation of a project was updated.']]),
  ...group('Client attendance', { ...project, attendee_id: 12 }, [
    ['client_attend_added', 'Client attendance was added.'],
    ['client_attend_deleted', 'Client attendance was removed.'],
    ['client_attend_modified', 'Client attendance was updated.'],
  ]),
  ...group('Despatch', { ...project, despatch_id: 330 }, [
    ['despatch_data_update', 'A despatch note was saved.'],
    ['despatch_status_change', 'The stage of a despatch note changed.', changed('Packed', 'Sent')],
  ]),
  ...group('DMG', dmg, [
    ['dmg_actual_modified', 'The actuals of a DMG job were updated.', { actual_hours: 3.5 }],
    ['dmg_description_modified', 'The details of a DMG job were updated.'],
    ['dmg_input_added', 'A DMG input was added to a job.', { input_id: 71 }],
    ['dmg_input_deleted', 'A DMG input was removed from a job.', { input_id: 71 }],
    ['dmg_input_modified', 'A DMG input was updated.', { input_id: 71 }],
    ['dmg_job_allocated', 'A DMG job was allocated.', { allocated_to: 'sam' }],
    ['dmg_operation_deleted', 'A DMG operation was removed from a job.', { operation_id: 8 }],
    ['dmg_operation_modified', 'A DMG operation of a job was updated.', { operation_id: 8 }],
    ['dmg_output_added', 'A DMG output was added to a job.', { output_id: 72 }],
    ['dmg_output_deleted', 'A DMG output was removed from a job.', { output_id: 72 }],
    ['dmg_output_modified', 'A DMG output was updated.', { output_id: 72 }],
    ['dmg_quantity_modified', 'The quantity of a DMG operation changed.', { operation_id: 8, quantity: 24 }],
  ]),
];

const named: readonly CatalogEntry[] = [
  ...group(
    'DMG',
    dmg,
    [
      ['dmg_service_added', 'A DMG service was added.', { service_id: 5 }],
      ['dmg_service_deleted', 'A DMG service was removed.', { service_id: 5 }],
      ['dmg_work_started', 'Work on a DMG job started.'],
      ['dmg_work_stopped', 'Work on a DMG job stopped.'],
    ],
    true,
  ),
  ...group('Gekko', { gekko_id: 3 }, [['gekko_create', 'A record was created in Gekko.']], true),
  ...group(
    'Jobs',
    job,
    [
      ['job_completed', 'A job was completed.'],
      ['job_detail_added', 'A job detail was added.', { detail_id: 2 }],
      ['job_detail_completed', 'A job detail was completed.', { detail_id: 2 }],
      ['job_detail_deleted', 'A job detail was removed.', { detail_id: 2 }],
      ['job_detail_started', 'Work on a job detail started.', { detail_id: 2 }],
      ['job_detail_stopped', 'Work on a job detail stopped.', { detail_id: 2 }],
      ['job_saved', 'A job was saved.'],
      ['job_status_change', 'The stage of a job changed.', changed('Booked', 'In progress')],
    ],
    true,
  ),
  ...group(
    'Leads',
    { lead_id: 205 },
    [
      ['lead_added', 'A lead was created.', { company: 'Northwind' }],
      ['lead_comment_added', 'A comment was added to a lead.', { comment: 'Call again in May' }],
      ['lead_status_assigned', 'A stage was added to a lead.', { new_status: 'Qualified' }],
      ['lead_status_modified', 'The stage of a lead changed.', changed('Qualified', 'Won')],
    ],
    true,
  ),
  ...group(
    'Library',
    { item_id: 640 },
    [
      ['library_data_update', 'The details of a library item were updated.'],
      ['library_item_created', 'A library item was added.', { title: 'Studio portraits 12' }],
    ],
    true,
  ),
  ...group(
    'Purchase orders',
    { po_id: 88 },
    [['po_status_change', 'The stage of a purchase order changed.', changed('Raised', 'Approved')]],
    true,
  ),
  ...group(
    'Projects',
    project,
    [
      ['project_comment_added', 'A comment was added to a project.', { comment: 'Proofs are with the client' }],
      ['project_created', 'A project was created.'],
      ['project_status_change', 'The stage of a project changed.', changed('Quoted', 'Approved')],
    ],
    true,
  ),
  ...group(
    'Quotes',
    { ...project, quote_id: 1503 },
    [
      ['quote_created', 'A quote was created.', { total: 1840 }],
      ['quote_status_change', 'The stage of a quote changed.', changed('Sent', 'Accepted')],
    ],
    true,
  ),
  ...group(
    'RSS and RS',
    job,
    [
      ['rss_actuals_completed', 'The actuals of an RSS entry were completed.', { rss_id: 19 }],
      ['rss_added', 'An RSS entry was added.', { rss_id: 19 }],
      ['rss_deleted', 'An RSS entry was removed.', { rss_id: 19 }],
      ['rss_modified', 'An RSS entry was updated.', { rss_id: 19 }],
      ['rs_added', 'An RS entry was added.', { rs_id: 20 }],
      ['rs_deleted', 'An RS entry was removed.', { rs_id: 20 }],
      ['rs_modified', 'An RS entry was updated.', { rs_id: 20 }],
    ],
    true,
  ),
  ...group('Sundries', job, [['sundry_saved', 'A sundry item was saved.', { sundry_id: 4, amount: 12.5 }]], true),
];

export const icfmTypes: readonly CatalogEntry[] = [...described, ...named];
