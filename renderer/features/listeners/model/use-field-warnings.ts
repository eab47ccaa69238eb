import { useMemo } from 'react';
import { checkTypePattern } from '../../../../shared/conditions/patterns/type-pattern.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { useDebounced } from '../../../model/calls/use-debounced.ts';
import { type FieldWarning, fieldWarnings } from '../../../model/definitions/field-warnings.ts';
import type { ListenerDraft } from '../../../model/definitions/listener-draft.ts';

const waitMs = 400;

/** Clauses of a draft that rely on what recent events of its source and types do not have. */
export function useFieldWarnings({ source, type, where }: ListenerDraft): ReadonlyMap<string, FieldWarning> {
  const isReadable = type.every((pattern) => checkTypePattern(pattern) === null);
  const signature = JSON.stringify([source, type]);
  const rested = useDebounced(signature, waitMs) === signature;
  const schema = useCall('events.schema', isReadable && rested ? { source, type: [...type] } : null);
  return useMemo(() => fieldWarnings(where, schema.value), [where, schema.value]);
}
