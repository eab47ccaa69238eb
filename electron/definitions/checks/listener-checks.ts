import { parseConditions } from '../../../shared/conditions/parse/parse.ts';
import { checkTypePattern } from '../../../shared/conditions/patterns/type-pattern.ts';
import type { Conditions } from '../../../shared/conditions/tree.ts';
import { readVendorFilter, type VendorFilter } from '../../../shared/conditions/vendor-filters/vendor-filter.ts';
import { canBeList } from '../../../shared/contract/batches.ts';
import { AppError, type ErrorDetail } from '../../../shared/contract/errors.ts';
import { type ListenerSpec, listenerDefaults } from '../../../shared/contract/listeners.ts';
import type { ListenerBody } from '../../store/definitions/listeners.ts';

/** The parts of a listener that can be judged without knowing what else is defined. */
export type ListenerDraft = Omit<ListenerSpec, 'job' | 'slug'>;

/** `path` of each problem is as in the spec. */
export type CheckedDraft =
  | { ok: true; body: Omit<ListenerBody, 'job' | 'name'> }
  | { ok: false; code: 'invalid_input' | 'invalid_conditions'; details: ErrorDetail[] };

export function checkListenerDraft(draft: ListenerDraft): CheckedDraft {
  const type = draft.type ?? [];
  const details: ErrorDetail[] = type.flatMap((pattern, index) => {
    const message = checkTypePattern(pattern);
    return message === null ? [] : [{ path: ['type', index], message }];
  });
  if (draft.batch !== undefined && draft.mode === 'enrich') {
    const message =
      'gathers events, and no sender waits that long for an answer; remove "batch" or set "mode" to notify';
    details.push({ path: ['batch'], message });
  }
  const parsed = readConditions(draft);
  if (parsed.ok && details.length === 0) {
    const {
      mode = listenerDefaults.mode,
      deadline = listenerDefaults.deadline,
      fallback = listenerDefaults.fallback,
      priority = listenerDefaults.priority,
      approval = listenerDefaults.approval,
      resolves = listenerDefaults.resolves,
    } = draft;
    const answering = { mode, deadline, fallback, priority, approval, resolves };
    const { conditions: where, filter } = parsed;
    const written = {
      ...(filter === undefined ? {} : { filter }),
      ...(draft.batch === undefined ? {} : { batch: draft.batch }),
    };
    return { ok: true, body: { source: draft.source ?? null, type, where, ...written, ...answering } };
  }
  const code = details.length === 0 ? 'invalid_conditions' : 'invalid_input';
  if (!parsed.ok) details.push(...parsed.details);
  return { ok: false, code, details };
}

type ReadConditions =
  | { ok: true; conditions: Conditions; filter?: VendorFilter }
  | { ok: false; details: ErrorDetail[] };

/** The conditions of `where`, or of a vendor's filter in its place. */
function readConditions({ where, filter }: Pick<ListenerDraft, 'where' | 'filter'>): ReadConditions {
  const at = (key: string, errors: readonly ErrorDetail[]): ReadConditions => ({
    ok: false,
    details: errors.map(({ path, message }) => ({ path: [key, ...path], message })),
  });
  if (filter === undefined || filter === null) {
    const parsed = parseConditions(where);
    return parsed.ok ? parsed : at('where', parsed.errors);
  }
  if (where !== undefined && where !== null) {
    return at('filter', [{ path: [], message: 'replaces "where"; give only one of them' }]);
  }
  const read = readVendorFilter(filter);
  return read.ok ? read : at('filter', read.errors);
}

type JobMisfit = { kind: string; approval?: 'required' | 'none' | undefined; body?: unknown };

/** What a listener wants that its job cannot do. Each message goes on from "The listener". */
export const misfitDetails = (
  listener: Pick<ListenerBody, 'mode' | 'approval' | 'job' | 'batch'>,
  job: JobMisfit | undefined,
): ErrorDetail[] => [...approvalDetails(listener, job?.approval), ...batchDetails(listener, job)];

function batchDetails({ batch, job }: Pick<ListenerBody, 'batch' | 'job'>, spec: JobMisfit | undefined): ErrorDetail[] {
  if (batch === undefined || spec?.kind !== 'http' || canBeList(spec.body)) return [];
  const message = `gathers events for the job "${job}", whose body ${String(spec.body)} is one event; remove "batch", or set that body to payload, event, cloudevents or a template`;
  return [{ path: ['batch'], message }];
}

/**
 * Why a listener cannot answer requests: its runs would wait for an approval, and no sender waits that long. Each message
 * goes on from "The listener".
 */
function approvalDetails(
  { mode, approval, job }: Pick<ListenerBody, 'mode' | 'approval' | 'job'>,
  jobApproval: 'required' | 'none' | undefined,
): ErrorDetail[] {
  if (mode !== 'enrich') return [];
  const why = 'which cannot be given while a sender waits for the answer';
  if (approval === 'required') {
    const message = `asks for an approval, ${why}; set "approval" to none or "mode" to notify`;
    return [{ path: ['approval'], message }];
  }
  if (jobApproval !== 'required') return [];
  const message = `names the job "${job}", whose runs need an approval, ${why}; choose another job or set "mode" to notify`;
  return [{ path: ['job'], message }];
}

/** The checked definition; throws with the clause or pattern at fault. */
export function readListenerDraft(draft: ListenerDraft): Omit<ListenerBody, 'job' | 'name'> {
  const checked = checkListenerDraft(draft);
  if (checked.ok) return checked.body;
  const [first] = checked.details;
  const what = checked.code === 'invalid_conditions' ? 'The conditions cannot be read' : 'The listener is not valid';
  throw new AppError(checked.code, `${what}: ${first?.message ?? 'unknown reason'}.`, checked.details);
}

export const readListenerSpec = (spec: ListenerSpec): ListenerBody => ({
  name: spec.name ?? spec.slug,
  ...readListenerDraft(spec),
  job: spec.job,
});
