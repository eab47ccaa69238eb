import { SegmentedControl, TextInput } from '@mantine/core';
import { listenerDefaults } from '../../../shared/contract/listeners.ts';
import type { Answering } from '../../model/definitions/listener-draft.ts';
import { JsonEditor } from '../../ui/code/json-editor.tsx';
import { FormRow, FormSection } from '../../ui/forms/form-layout.tsx';
import { defaultText } from '../../ui/forms/placeholder-text.ts';

interface AnsweringFieldsProps {
  answering: Answering;
  readOnly: boolean;
  errors: Record<string, string>;
  onChange: (answering: Answering) => void;
}

const modes = [
  { value: 'notify', label: 'Notify', hint: 'The sender is answered immediately; the job runs asynchronously.' },
  {
    value: 'enrich',
    label: 'Enrich',
    hint: 'The sender waits for the job, whose decision is the response. One listener answers an event, by priority.',
  },
  { value: 'shadow', label: 'Shadow', hint: 'Matches are recorded, and no run starts.' },
] as const;

/** Whether the job's decision is the answer to the request that brought the event. */
export function AnsweringFields({ answering, readOnly, errors, onChange }: AnsweringFieldsProps) {
  const { mode, deadline, fallback, priority } = answering;
  return (
    <FormSection title="Answer">
      <FormRow label="Mode" hint={modes.find(({ value }) => value === mode)?.hint} error={errors.mode ?? null}>
        <SegmentedControl
          aria-label="Mode"
          data={modes.map(({ value, label }) => ({ value, label }))}
          value={mode}
          disabled={readOnly}
          onChange={(next) => {
            const chosen = modes.find(({ value }) => value === next);
            if (chosen !== undefined) onChange({ ...answering, mode: chosen.value });
          }}
        />
      </FormRow>
      {mode === 'enrich' && (
        <>
          <FormRow
            label="Deadline"
            htmlFor="listener-deadline"
            hint="From when the request arrives, up to 60s. Most senders give up after 3 to 5 s."
            error={errors.deadline ?? null}
          >
            <TextInput
              id="listener-deadline"
              maw={120}
              value={deadline}
              placeholder={defaultText(listenerDefaults.deadline)}
              disabled={readOnly}
              onChange={(event) => onChange({ ...answering, deadline: event.currentTarget.value })}
            />
          </FormRow>
          <FormRow label="Fallback" hint="The response if the job fails or misses the deadline.">
            <JsonEditor
              label="Fallback"
              value={fallback}
              height="96px"
              error={errors.fallback ?? null}
              readOnly={readOnly}
              onChange={(text) => onChange({ ...answering, fallback: text })}
            />
          </FormRow>
          <FormRow
            label="Priority"
            htmlFor="listener-priority"
            hint="If several listeners match, the highest priority answers; ties go to the first slug."
            error={errors.priority ?? null}
          >
            <TextInput
              id="listener-priority"
              maw={120}
              inputMode="numeric"
              value={priority}
              placeholder={defaultText(listenerDefaults.priority)}
              disabled={readOnly}
              onChange={(event) => onChange({ ...answering, priority: event.currentTarget.value })}
            />
          </FormRow>
        </>
      )}
    </FormSection>
  );
}
