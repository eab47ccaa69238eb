import { Button, Checkbox, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { alarmDefaults, alarmKinds } from '../../../shared/contract/alarms.ts';
import { NameRows } from '../../domain/definition/name-rows.tsx';
import { SecretRefField } from '../../domain/definition/secrets/secret-ref-field.tsx';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { FormRow, FormSection } from '../../ui/forms/form-layout.tsx';
import { monoInput } from '../../ui/forms/mono-input.ts';
import { defaultText, exampleText } from '../../ui/forms/placeholder-text.ts';
import classes from './alarms.module.css';
import {
  type AlarmDraft,
  hasRate,
  hasSize,
  renameAlarm,
  setAlarmSlug,
  type WebhookRow,
  webhookRow,
} from './model/alarm-draft.ts';
import { kindNames } from './model/describe-alarm.ts';

interface AlarmFormProps {
  draft: AlarmDraft;
  isNew: boolean;
  readOnly: boolean;
  errors: Record<string, string>;
  onChange: (edit: (draft: AlarmDraft) => AlarmDraft) => void;
}

export function AlarmForm(props: AlarmFormProps) {
  const { draft, isNew, readOnly, errors, onChange } = props;
  return (
    <>
      <FormSection title="Alarm">
        <NameRows
          of="alarm"
          draft={draft}
          isNew={isNew}
          readOnly={readOnly}
          errors={errors}
          examples={{ name: 'The CRM stopped sending', slug: 'crm-silent' }}
          onName={(name) => onChange((before) => (isNew ? renameAlarm(before, name) : { ...before, name }))}
          onSlug={(slug) => onChange((before) => setAlarmSlug(before, slug))}
        />
        <ConditionFields {...props} />
      </FormSection>
      <ChannelFields {...props} />
    </>
  );
}

const set =
  <K extends keyof AlarmDraft>(key: K, value: AlarmDraft[K]) =>
  (before: AlarmDraft): AlarmDraft => ({ ...before, [key]: value });

function ConditionFields({ draft, readOnly, errors, onChange }: AlarmFormProps) {
  const { kind } = draft;
  const isSource = kind === 'source_silent' || kind === 'refusal_rate';
  const text = (
    key: 'time' | 'percent' | 'window' | 'minimum' | 'size',
    label: string,
    placeholder: string,
    hint?: string,
  ) => (
    <FormRow label={label} htmlFor={`alarm-${key}`} hint={hint} error={errors[key] ?? null}>
      <TextInput
        id={`alarm-${key}`}
        maw={280}
        classNames={monoInput}
        value={draft[key]}
        placeholder={placeholder}
        disabled={readOnly}
        onChange={(event) => onChange(set(key, event.currentTarget.value))}
      />
    </FormRow>
  );
  return (
    <>
      <FormRow label="Condition" htmlFor="alarm-kind" error={errors.when ?? null}>
        <Select
          id="alarm-kind"
          data={alarmKinds.map((value) => ({ value, label: kindNames[value] }))}
          value={kind}
          disabled={readOnly}
          allowDeselect={false}
          onChange={(value) => {
            const chosen = alarmKinds.find((one) => one === value);
            if (chosen !== undefined) onChange(set('kind', chosen));
          }}
        />
      </FormRow>
      {isSource && (
        <SubjectField of="source" label="Source" all="Every source" {...{ draft, readOnly, errors, onChange }} />
      )}
      {kind === 'failure_rate' && (
        <SubjectField of="listener" label="Listener" all="Any listener" {...{ draft, readOnly, errors, onChange }} />
      )}
      {(kind === 'queue_age' || (kind === 'failure_rate' && draft.listener === null)) && (
        <SubjectField of="job" label="Job" all="Every job" {...{ draft, readOnly, errors, onChange }} />
      )}
      {kind === 'source_silent' &&
        text(
          'time',
          'Expected every',
          defaultText('its usual interval'),
          'Longest time without a delivery, such as 30m or 2h.',
        )}
      {kind === 'queue_age' && text('time', 'Max wait', exampleText('10m'), 'Of the oldest run in the queue.')}
      {hasRate(kind) && (
        <>
          {text('percent', 'Above', exampleText('20'), 'Percent.')}
          {text('window', 'In the last', defaultText(alarmDefaults.window))}
          {text(
            'minimum',
            'At least',
            defaultText(String(alarmDefaults.minimum)),
            kind === 'refusal_rate' ? 'Deliveries in that time.' : 'Completed and failed runs in that time.',
          )}
        </>
      )}
      {hasSize(kind) &&
        text(
          'size',
          kind === 'disk_free' ? 'Below' : 'Above',
          exampleText('5 GB'),
          kind === 'disk_free' ? 'Free space on the disk of the data directory.' : 'Growth of the database a day.',
        )}
    </>
  );
}

interface SubjectFieldProps extends Pick<AlarmFormProps, 'draft' | 'readOnly' | 'errors' | 'onChange'> {
  of: 'source' | 'job' | 'listener';
  label: string;
  all: string;
}

function SubjectField({ of, label, all, draft, readOnly, errors, onChange }: SubjectFieldProps) {
  const items = useCatalog((state) => ({ source: state.sources, job: state.jobs, listener: state.listeners })[of]);
  return (
    <FormRow label={label} htmlFor={`alarm-${of}`} error={errors[of] ?? null}>
      <Select
        id={`alarm-${of}`}
        data={items
          .filter(({ owner }) => owner !== 'builtin')
          .map(({ slug, name }) => ({
            value: slug,
            label: name === slug ? slug : `${name} (${slug})`,
          }))}
        value={draft[of]}
        placeholder={all}
        searchable
        clearable
        disabled={readOnly}
        nothingFoundMessage="No results"
        onChange={(value) => onChange(set(of, value))}
      />
    </FormRow>
  );
}

function ChannelFields({ draft, readOnly, errors, onChange }: AlarmFormProps) {
  const setRow = (row: WebhookRow): void =>
    onChange((before) => ({ ...before, webhooks: before.webhooks.map((one) => (one.id === row.id ? row : one)) }));
  return (
    <FormSection
      title="Notifications"
      description="Every alarm appears in the inbox. Each channel gets at most one message a minute."
    >
      <FormRow label="Desktop" htmlFor="alarm-desktop" hint="In the desktop apps that show this server.">
        <Switch
          id="alarm-desktop"
          mt={6}
          checked={draft.desktop}
          disabled={readOnly}
          onChange={(event) => onChange(set('desktop', event.currentTarget.checked))}
        />
      </FormRow>
      <FormRow label="Webhooks" hint="In the format of Slack’s incoming webhooks." error={errors.notify ?? null}>
        {draft.webhooks.map((row) => (
          <div key={row.id} className={classes.webhook}>
            <div className={classes.url}>
              {row.isSecret ? (
                <SecretRefField
                  label="Webhook URL"
                  value={row.ref}
                  suggestedName={`${draft.slug === '' ? 'alarm' : draft.slug}-webhook`}
                  readOnly={readOnly}
                  invalid={errors[row.id] !== undefined}
                  onChange={(ref) => setRow({ ...row, ref })}
                />
              ) : (
                <TextInput
                  aria-label="Webhook URL"
                  classNames={monoInput}
                  value={row.url}
                  placeholder={exampleText('https://hooks.example.com/alarms')}
                  disabled={readOnly}
                  onChange={(event) => setRow({ ...row, url: event.currentTarget.value })}
                />
              )}
              <InlineError message={errors[row.id] ?? null} />
            </div>
            <Checkbox
              label="Secret URL"
              checked={row.isSecret}
              disabled={readOnly}
              onChange={(event) => setRow({ ...row, isSecret: event.currentTarget.checked })}
            />
            <Checkbox
              label="Allow private addresses"
              checked={row.allowPrivate}
              disabled={readOnly}
              onChange={(event) => setRow({ ...row, allowPrivate: event.currentTarget.checked })}
            />
            {!readOnly && (
              <Button
                variant="subtle"
                color="gray"
                size="compact-xs"
                onClick={() =>
                  onChange((before) => ({ ...before, webhooks: before.webhooks.filter(({ id }) => id !== row.id) }))
                }
              >
                Remove
              </Button>
            )}
          </div>
        ))}
        {!readOnly && (
          <Button
            variant="default"
            size="compact-xs"
            onClick={() => onChange((before) => ({ ...before, webhooks: [...before.webhooks, webhookRow()] }))}
          >
            Add webhook
          </Button>
        )}
      </FormRow>
      <FormRow label="E-mail" htmlFor="alarm-emails" hint="Sent through the SMTP server in Settings.">
        <TagsInput
          id="alarm-emails"
          value={[...draft.emails]}
          placeholder={draft.emails.length === 0 ? exampleText('ops@example.com') : ''}
          disabled={readOnly}
          splitChars={[',', ' ', ';']}
          acceptValueOnBlur
          onChange={(emails) => onChange(set('emails', emails))}
        />
      </FormRow>
      <FormRow
        label="Reminder every"
        htmlFor="alarm-repeat"
        hint="While it lasts and is not acknowledged, such as 1h, or never."
        error={errors.repeat ?? null}
      >
        <TextInput
          id="alarm-repeat"
          maw={200}
          classNames={monoInput}
          value={draft.repeat}
          placeholder={defaultText(alarmDefaults.repeat)}
          disabled={readOnly}
          onChange={(event) => onChange(set('repeat', event.currentTarget.value))}
        />
      </FormRow>
      <FormRow label="On recovery" htmlFor="alarm-recovery">
        <Switch
          id="alarm-recovery"
          mt={6}
          label="Send a message"
          checked={draft.recovery}
          disabled={readOnly}
          onChange={(event) => onChange(set('recovery', event.currentTarget.checked))}
        />
      </FormRow>
    </FormSection>
  );
}
