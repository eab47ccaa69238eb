import { Chip, Group, Select, TagsInput, TextInput } from '@mantine/core';
import type { PresetField, PresetInfo } from '../../../../shared/contract/sources.ts';
import { methods } from '../../../../shared/contract/sources.ts';
import { NameRows } from '../../../domain/definition/name-rows.tsx';
import { printSize } from '../../../model/definitions/sizes.ts';
import { errorUnder } from '../../../ui/forms/field-errors.ts';
import { FormRow, FormSection } from '../../../ui/forms/form-layout.tsx';
import { defaultText } from '../../../ui/forms/placeholder-text.ts';
import { perSecondText } from '../model/rate-limit-text.ts';
import {
  choiceOf,
  renameSource,
  type SourceDraft,
  setSetting,
  setSourceSlug,
  settingAt,
  shownFields,
} from '../model/source-draft.ts';
import classes from '../sources.module.css';
import { AnswerFields } from './answer-fields.tsx';
import { PresetFieldInput } from './preset-field-input.tsx';

interface SourceFormProps {
  draft: SourceDraft;
  preset: PresetInfo;
  isNew: boolean;
  readOnly: boolean;
  errors: Record<string, string>;
  onChange: (edit: (draft: SourceDraft) => SourceDraft) => void;
}

export function SourceForm({ draft, preset, isNew, readOnly, errors, onChange }: SourceFormProps) {
  const fields = shownFields(draft, preset);
  const eventFields = fields.filter((field) => field.path.startsWith('event.'));
  const verifyFields = fields.filter((field) => field.path.startsWith('verify.'));
  const row = (field: PresetField) => (
    <FormRow
      key={`${field.path} ${field.when?.in.join(' ') ?? ''}`}
      label={field.label}
      htmlFor={`source-${field.path}`}
      required={field.required === true && field.kind !== 'choice'}
      hint={field.help}
      error={errorUnder(errors, field.path)}
    >
      <PresetFieldInput
        id={`source-${field.path}`}
        field={field}
        value={settingAt(draft, field.path)}
        choice={choiceOf(draft, preset, field)}
        sourceSlug={draft.slug}
        readOnly={readOnly}
        invalid={errorUnder(errors, field.path) !== null}
        onChange={(value) => onChange((before) => setSetting(before, field.path, value))}
      />
    </FormRow>
  );

  return (
    <>
      <FormSection title="Source" description={isNew ? preset.description : undefined}>
        <NameRows
          of="source"
          draft={draft}
          isNew={isNew}
          readOnly={readOnly}
          errors={errors}
          examples={{ name: 'Customer CRM', slug: 'our-crm' }}
          slugHint={
            <>
              The end of its address: <code className={classes.code}>/in/{draft.slug === '' ? '…' : draft.slug}</code>.
              Cannot be changed later.
            </>
          }
          onName={(name) => onChange((before) => (isNew ? renameSource(before, name) : { ...before, name }))}
          onSlug={(slug) => onChange((before) => setSourceSlug(before, slug))}
        />
      </FormSection>
      {verifyFields.length > 0 && (
        <FormSection title="Verification" description="How deliveries are verified.">
          {verifyFields.map(row)}
        </FormSection>
      )}
      {eventFields.length > 0 && (
        <FormSection title="Event" description="How events are read from deliveries.">
          {eventFields.map(row)}
        </FormSection>
      )}
      <AnswerFields
        draft={draft}
        sourceSlug={draft.slug}
        readOnly={readOnly}
        errors={errors}
        onChange={(edit) => onChange((before) => ({ ...before, ...edit }))}
      />
      <FormSection title="Request handling">
        <FormRow label="Methods" error={errorUnder(errors, 'methods')}>
          <Chip.Group
            multiple
            value={[...(draft.methods ?? preset.defaults.methods)]}
            onChange={(chosen: string[]) =>
              onChange((before) => ({ ...before, methods: methods.filter((method) => chosen.includes(method)) }))
            }
          >
            <Group gap={6} pt={2}>
              {methods.map((method) => (
                <Chip key={method} value={method} size="xs" radius="sm" variant="outline" disabled={readOnly}>
                  {method}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </FormRow>
        <FormRow
          label="Answer status"
          htmlFor="source-answer"
          hint="Sent once the delivery is stored."
          error={errors.answerStatus ?? null}
        >
          <TextInput
            id="source-answer"
            maw={120}
            inputMode="numeric"
            value={draft.answerStatus}
            placeholder={defaultText(preset.defaults.answerStatus)}
            disabled={readOnly}
            onChange={(event) => {
              const answerStatus = event.currentTarget.value;
              onChange((before) => ({ ...before, answerStatus }));
            }}
          />
        </FormRow>
        <FormRow
          label="Max body size"
          htmlFor="source-body"
          hint="Larger requests are answered 413."
          error={errors.maxBodyBytes ?? null}
        >
          <TextInput
            id="source-body"
            maw={120}
            value={draft.maxBodySize}
            placeholder={defaultText(printSize(preset.maxBodyBytes))}
            disabled={readOnly}
            onChange={(event) => {
              const maxBodySize = event.currentTarget.value;
              onChange((before) => ({ ...before, maxBodySize }));
            }}
          />
        </FormRow>
        <FormRow
          label="JSON fields"
          htmlFor="source-parse-fields"
          hint="Form fields that contain JSON, such as payload or mandrill_events. Conditions can then match inside them."
          error={errorUnder(errors, 'parseFields')}
        >
          <TagsInput
            id="source-parse-fields"
            value={[...draft.parseFields]}
            acceptValueOnBlur
            disabled={readOnly}
            error={errorUnder(errors, 'parseFields') !== null}
            onChange={(parseFields) => onChange((before) => ({ ...before, parseFields }))}
          />
        </FormRow>
        <FormRow
          label="Rate limit"
          htmlFor="source-rate"
          hint="Verified deliveries above the limit are answered 429 with Retry-After. Senders that do not retry lose them."
          error={errorUnder(errors, 'rateLimit')}
        >
          <div className={classes.rate}>
            <Select
              id="source-rate"
              data={[
                { value: 'default', label: `Default (${perSecondText(preset.defaults.rateLimit)})` },
                { value: 'limit', label: 'Custom' },
                { value: 'off', label: 'Off' },
              ]}
              value={draft.rate}
              allowDeselect={false}
              disabled={readOnly}
              onChange={(value) =>
                onChange((before) => ({
                  ...before,
                  rate: value === 'off' || value === 'limit' ? value : 'default',
                  perSecond: value === 'limit' && before.perSecond === '' ? '50' : before.perSecond,
                  burst: value === 'limit' && before.burst === '' ? '200' : before.burst,
                }))
              }
            />
            {draft.rate === 'limit' && (
              <>
                <TextInput
                  aria-label="Deliveries per second"
                  value={draft.perSecond}
                  disabled={readOnly}
                  inputMode="decimal"
                  onChange={(event) => {
                    const perSecond = event.currentTarget.value;
                    onChange((before) => ({ ...before, perSecond }));
                  }}
                />
                <span className={classes.quiet}>per second, bursts of</span>
                <TextInput
                  aria-label="Burst"
                  value={draft.burst}
                  disabled={readOnly}
                  inputMode="numeric"
                  onChange={(event) => {
                    const burst = event.currentTarget.value;
                    onChange((before) => ({ ...before, burst }));
                  }}
                />
              </>
            )}
          </div>
        </FormRow>
      </FormSection>
    </>
  );
}
