import { Switch, TextInput } from '@mantine/core';
import { httpBatchDefaults, listenerBatchDefaults } from '../../../shared/contract/batches.ts';
import type { BatchDraft } from '../../model/definitions/batch-draft.ts';
import { errorUnder } from '../../ui/forms/field-errors.ts';
import { FormRow } from '../../ui/forms/form-layout.tsx';
import { monoInput } from '../../ui/forms/mono-input.ts';
import { defaultText, exampleText } from '../../ui/forms/placeholder-text.ts';

interface BatchFieldsProps {
  of: 'listener' | 'http';
  draft: BatchDraft;
  readOnly: boolean;
  errors: Record<string, string>;
  onChange: (draft: BatchDraft) => void;
}

const hints = {
  listener: 'One run for several events, in place of one each.',
  http: 'One request with a list of events, in place of one each. A listener’s own batch is used in its place.',
} as const;

/** Whether and how events are gathered. */
export function BatchFields({ of, draft, readOnly, errors, onChange }: BatchFieldsProps) {
  const defaults = of === 'listener' ? listenerBatchDefaults : httpBatchDefaults;
  const text = (field: 'count' | 'period' | 'by' | 'bytes', placeholder: string, width: number) => (
    <TextInput
      id={`${of}-batch-${field}`}
      maw={width}
      classNames={monoInput}
      value={draft[field]}
      placeholder={placeholder}
      disabled={readOnly}
      onChange={(event) => onChange({ ...draft, [field]: event.currentTarget.value })}
    />
  );
  return (
    <>
      <FormRow label="Batch" hint={hints[of]} error={errors.batch ?? null}>
        <Switch
          aria-label="Batch events"
          mt={6}
          checked={draft.isOn}
          disabled={readOnly}
          onChange={(event) => onChange({ ...draft, isOn: event.currentTarget.checked })}
        />
      </FormRow>
      {draft.isOn && (
        <>
          <FormRow label="Events per batch" htmlFor={`${of}-batch-count`} error={errorUnder(errors, 'batch.count')}>
            {text('count', defaultText(defaults.count), 150)}
          </FormRow>
          <FormRow
            label="Batch period"
            htmlFor={`${of}-batch-period`}
            hint="From the first event on; then the batch is complete with what it has."
            error={errorUnder(errors, 'batch.period')}
          >
            {text('period', defaultText(defaults.period), 150)}
          </FormRow>
          {of === 'listener' ? (
            <FormRow
              label="Batch by"
              htmlFor="listener-batch-by"
              hint="Events with the same value at this path share a batch."
              error={errorUnder(errors, 'batch.by')}
            >
              {text('by', exampleText('payload.campaign'), 340)}
            </FormRow>
          ) : (
            <FormRow
              label="Bytes per batch"
              htmlFor="http-batch-bytes"
              hint="Of all payloads together."
              error={errorUnder(errors, 'batch.bytes')}
            >
              {text('bytes', defaultText(httpBatchDefaults.bytes), 150)}
            </FormRow>
          )}
        </>
      )}
    </>
  );
}
