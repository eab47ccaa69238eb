import type { Json } from '../../../shared/contract/common.ts';
import { isJsonRecord } from '../../../shared/exact-json/parse-exact.ts';
import { paths } from '../app/paths.ts';

/** What an operator may do next, as far as it can be done from here. */
export type NextStep =
  | { kind: 'link'; url: string; label: string; isDownload: boolean }
  | { kind: 'page'; path: string; label: string }
  | { kind: 'file'; name: string; label: string }
  | { kind: 'files'; names: readonly string[]; label: string }
  | { kind: 'retry'; label: string }
  | { kind: 'id'; id: string; label: string }
  | { kind: 'wait' };

export interface ReadableOutcome {
  heading: string | null;
  message: string | null;
  next: NextStep | null;
}

type Fields = { readonly [key: string]: Json };

const fieldsOf = (value: Json | undefined): Fields | null => (isJsonRecord(value) ? value : null);

const textOf = (value: Json | undefined): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

/** Only what a browser may be sent to; a job's outcome is made from what strangers sent. */
const webAddress = (value: Json | undefined): string | null => {
  const text = textOf(value);
  if (text === null || !URL.canParse(text)) return null;
  const { protocol } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? text : null;
};

const pageOf = (id: string): string | null =>
  id.startsWith('evt_') ? paths.event(id) : id.startsWith('run_') ? paths.run(id) : null;

const fileNameOf = (file: Json): string | null => {
  const fields = fieldsOf(file);
  return textOf(file) ?? textOf(fields?.name) ?? textOf(fields?.fileName) ?? textOf(fields?.fileId);
};

function nextOf(next: Fields, buttonText: string | null): NextStep | null {
  const label = (usual: string): string => buttonText ?? textOf(next.label) ?? usual;
  switch (next.type) {
    case 'url': {
      const url = webAddress(next.url);
      return url === null ? null : { kind: 'link', url, label: label('Open the page'), isDownload: false };
    }
    case 'download': {
      const url = webAddress(next.url);
      const name = textOf(next.fileName) ?? textOf(next.file) ?? textOf(next.name) ?? textOf(next.url);
      if (url !== null) return { kind: 'link', url, label: label('Download'), isDownload: true };
      return name === null ? null : { kind: 'file', name, label: label(`Download ${name}`) };
    }
    case 'files': {
      const names = Array.isArray(next.files) ? next.files.flatMap((file) => fileNameOf(file) ?? []) : [];
      return { kind: 'files', names, label: label('Files') };
    }
    case 'retry':
      return { kind: 'retry', label: label('Try again') };
    case 'view': {
      const id = textOf(next.eventId) ?? textOf(next.runId) ?? textOf(next.id);
      const query = textOf(next.query);
      const path = id === null ? (query === null ? null : paths.live(query)) : pageOf(id);
      return path === null ? null : { kind: 'page', path, label: label('Show') };
    }
    case 'id':
    case 'snapshot': {
      const id = textOf(next.id) ?? textOf(next.snapshotId);
      if (id === null) return null;
      const path = pageOf(id);
      return path === null ? { kind: 'id', id, label: label('ID') } : { kind: 'page', path, label: label('Show') };
    }
    case 'wait':
      return { kind: 'wait' };
    default:
      return null;
  }
}

/** The outcome as it is meant for people; null for one that is data only. */
export function readOutcome(outcome: Json): ReadableOutcome | null {
  const fields = fieldsOf(outcome);
  if (fields === null) return null;
  const heading = textOf(fields.heading);
  const message = textOf(fields.message);
  const next = fieldsOf(fields.next);
  if (heading === null && message === null && next === null) return null;
  return { heading, message, next: next === null ? null : nextOf(next, textOf(fields.buttonText)) };
}
