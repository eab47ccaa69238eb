import { type OptionsFilter, Select, Switch, TagsInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { checkTypePattern, patternsOf } from '../../../shared/conditions/patterns/type-pattern.ts';
import { VENDOR_FILTERS } from '../../../shared/conditions/vendor-filters/vendor-filter.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { type ClauseVerdict, type ListenerResolves, listenerResolves } from '../../../shared/contract/listeners.ts';
import { BatchFields } from '../../domain/definition/batch-fields.tsx';
import { NameRows } from '../../domain/definition/name-rows.tsx';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import type { FieldWarning } from '../../model/definitions/field-warnings.ts';
import {
  isAsWritten,
  type ListenerDraft,
  renameListener,
  setListenerSlug,
} from '../../model/definitions/listener-draft.ts';
import { matchesWords } from '../../model/definitions/matches-words.ts';
import { typeOptions } from '../../model/events/event-catalog.ts';
import { useLocalCatalog } from '../../model/events/local-catalog.ts';
import { errorUnder } from '../../ui/forms/field-errors.ts';
import { FormRow, FormSection } from '../../ui/forms/form-layout.tsx';
import { monoInput, monoTags } from '../../ui/forms/mono-input.ts';
import { SegmentTabs } from '../../ui/layout/segment-tabs.tsx';
import { AnsweringFields } from './answering-fields.tsx';
import { ConditionEditor } from './conditions/condition-editor.tsx';
import { ConditionsJson } from './conditions/conditions-json.tsx';
import { VendorFilter } from './conditions/vendor-filter.tsx';
import classes from './listeners.module.css';

const resolvesOptions: { value: ListenerResolves; label: string }[] = [
  { value: 'retry', label: 'Successful retry only' },
  { value: 'context', label: 'Next successful run with the same context' },
  { value: 'any', label: 'Next successful run' },
];

type View = 'tree' | 'json' | 'vendor';

interface ListenerFormProps {
  draft: ListenerDraft;
  isNew: boolean;
  readOnly: boolean;
  /** What the app said, by field. */
  errors: Record<string, string>;
  clauseErrors: ReadonlyMap<string, string>;
  warnings: ReadonlyMap<string, FieldWarning>;
  verdicts: ReadonlyMap<string, ClauseVerdict>;
  event: Output<'events.get'> | undefined;
  onChange: (edit: (draft: ListenerDraft) => ListenerDraft) => void;
  /** A vendor's filter was pasted and is not among the conditions yet. */
  onPendingFilter: (isPending: boolean) => void;
}

/** Types are found by their description as well. */
const filterTypes =
  (descriptions: ReadonlyMap<string, string>): OptionsFilter =>
  ({ options, search }) => {
    const fits = (type: string): boolean => matchesWords(search, [type, descriptions.get(type) ?? '']);
    return options
      .map((option) =>
        'group' in option ? { ...option, items: option.items.filter((item) => fits(item.value)) } : option,
      )
      .filter((option) => ('group' in option ? option.items.length > 0 : fits(option.value)));
  };

export function ListenerForm(props: ListenerFormProps) {
  const { draft, isNew, readOnly, errors, onChange } = props;
  const sources = useCatalog((state) => state.sources);
  const jobs = useCatalog((state) => state.jobs);
  const [view, setView] = useState<View>('tree');
  const types = useCall('events.types', draft.source === null ? {} : { source: draft.source });
  const system = sources.find((source) => source.slug === draft.source)?.preset ?? null;
  const locals = useLocalCatalog((state) => state.types);
  const typeGroups = useMemo(
    () =>
      typeOptions(
        system,
        (types.value?.items ?? []).map((item) => item.type),
        locals,
      ),
    [system, types.value, locals],
  );
  const descriptions = useMemo(
    () => new Map(typeGroups.flatMap((group) => group.items.map((item) => [item.type, item.description]))),
    [typeGroups],
  );
  const typeError =
    draft.type.map((pattern) => checkTypePattern(pattern)).find((message) => message !== null) ??
    errorUnder(errors, 'type');
  const isJobMissing = draft.job !== '' && jobs.length > 0 && !jobs.some((job) => job.slug === draft.job);

  return (
    <>
      <FormSection title="Listener">
        <NameRows
          of="listener"
          draft={draft}
          isNew={isNew}
          readOnly={readOnly}
          errors={errors}
          examples={{ name: 'Large files from the CRM', slug: 'big-files-from-the-crm' }}
          onName={(name) => onChange((before) => (isNew ? renameListener(before, name) : { ...before, name }))}
          onSlug={(slug) => onChange((before) => setListenerSlug(before, slug))}
        />
        <FormRow label="Source" htmlFor="listener-source" error={errors.source ?? null}>
          <Select
            id="listener-source"
            data={sources.map((source) => ({
              value: source.slug,
              label: source.name === source.slug ? source.slug : `${source.name} (${source.slug})`,
            }))}
            value={draft.source}
            placeholder="Any source"
            searchable
            clearable
            disabled={readOnly}
            nothingFoundMessage="No matching sources"
            onChange={(source) => onChange((before) => ({ ...before, source }))}
          />
        </FormRow>
        <FormRow
          label="Event types"
          htmlFor="listener-types"
          hint={
            <>
              Segments are split at <code>:</code> <code>.</code> <code>/</code>; <code>*</code> matches within one,{' '}
              <code>**</code> any number. Matches if any pattern matches.{' '}
              {draft.type.length < 2 ? (
                <a href={hrefOf(paths.schema(draft.source, draft.type[0] ?? ''))}>Schema</a>
              ) : (
                <>
                  Schema of{' '}
                  {draft.type.map((type, index) => (
                    <span key={type}>
                      {index === 0 ? '' : ', '}
                      <a href={hrefOf(paths.schema(draft.source, type))}>{type}</a>
                    </span>
                  ))}
                </>
              )}
            </>
          }
          error={typeError}
        >
          <TagsInput
            id="listener-types"
            classNames={monoTags}
            data={typeGroups.map(({ group, items }) => ({
              group,
              items: items.map((item) => item.type).filter((type) => !draft.type.includes(type)),
            }))}
            renderOption={({ option }) => (
              <span className={classes.operatorOption}>
                <span className={classes.path}>{option.value}</span>
                <span className={classes.meaning}>{descriptions.get(option.value)}</span>
              </span>
            )}
            filter={filterTypes(descriptions)}
            value={[...draft.type]}
            placeholder={draft.type.length === 0 ? 'Any type, or e.g. file:*' : ''}
            disabled={readOnly}
            splitChars={[',', ' ']}
            acceptValueOnBlur
            limit={500}
            maxDropdownHeight={260}
            onChange={(written) => {
              onChange((before) => ({ ...before, type: patternsOf(system, written) }));
            }}
          />
        </FormRow>
        <FormRow
          label="Job"
          htmlFor="listener-job"
          required
          error={errors.job ?? (isJobMissing ? `There is no job “${draft.job}”.` : null)}
          hint={
            jobs.length === 0 ? (
              <>
                No jobs yet: <a href={hrefOf(paths.newJob())}>create one first</a>. Your draft is kept.
              </>
            ) : undefined
          }
        >
          <Select
            id="listener-job"
            classNames={draft.job === '' ? {} : monoInput}
            data={isJobMissing ? [...jobs.map((job) => job.slug), draft.job] : jobs.map((job) => job.slug)}
            value={draft.job === '' ? null : draft.job}
            placeholder="Choose a job"
            searchable
            disabled={readOnly}
            allowDeselect={false}
            nothingFoundMessage="No matching jobs"
            onChange={(job) => onChange((before) => ({ ...before, job: job ?? '' }))}
          />
        </FormRow>
        <FormRow
          label="Approval"
          hint="Its runs wait until an operator approves them, even if the job does not require it."
          error={errors.approval ?? null}
        >
          <Switch
            aria-label="Require approval"
            mt={6}
            checked={draft.approval}
            disabled={readOnly}
            onChange={(event) => {
              const approval = event.currentTarget.checked;
              onChange((before) => ({ ...before, approval }));
            }}
          />
        </FormRow>
        {draft.answering.mode === 'notify' && (
          <BatchFields
            of="listener"
            draft={draft.batch}
            readOnly={readOnly}
            errors={errors}
            onChange={(batch) => onChange((before) => ({ ...before, batch }))}
          />
        )}
        <FormRow
          label="Resolve failures"
          htmlFor="listener-resolves"
          hint="Which completed runs resolve failures of this listener. A successful retry always does."
          error={errors.resolves ?? null}
        >
          <Select
            id="listener-resolves"
            data={resolvesOptions}
            value={draft.resolves}
            disabled={readOnly}
            allowDeselect={false}
            onChange={(value) => {
              const resolves = listenerResolves.find((one) => one === value);
              if (resolves !== undefined) onChange((before) => ({ ...before, resolves }));
            }}
          />
        </FormRow>
      </FormSection>
      <AnsweringFields
        answering={draft.answering}
        readOnly={readOnly}
        errors={errors}
        onChange={(answering) => onChange((before) => ({ ...before, answering }))}
      />
      <section className={classes.conditions} aria-label="Conditions">
        <SegmentTabs
          id="conditions"
          label="Conditions"
          tabs={[
            { value: 'tree', label: 'Conditions' },
            { value: 'json', label: 'JSON' },
            ...(readOnly ? [] : [{ value: 'vendor' as const, label: 'From a vendor’s filter' }]),
          ]}
          value={view}
          onChange={(value: View) => setView(value)}
        />
        {view === 'tree' && draft.filter !== null && (
          <p className={classes.asWritten}>
            {isAsWritten(draft)
              ? 'Saved as the vendor’s filter. A change here converts them to conditions.'
              : 'Changed since: saved as conditions, not as the vendor’s filter.'}
          </p>
        )}
        <div id="conditions-panel" role="tabpanel" aria-labelledby={`conditions-tab-${view}`}>
          {view === 'vendor' ? (
            <VendorFilter
              where={draft.where}
              usualKind={VENDOR_FILTERS.find((one) => one === system) ?? null}
              onPending={props.onPendingFilter}
              onTake={(where, filter) => {
                onChange((before) => ({ ...before, where, filter }));
                setView('tree');
              }}
            />
          ) : view === 'tree' ? (
            <ConditionEditor
              where={draft.where}
              readOnly={readOnly}
              errors={props.clauseErrors}
              warnings={props.warnings}
              verdicts={props.verdicts}
              event={props.event}
              onChange={(edit) => onChange((before) => ({ ...before, where: edit(before.where) }))}
            />
          ) : (
            <ConditionsJson
              where={draft.where}
              readOnly={readOnly}
              onChange={(where) => onChange((before) => ({ ...before, where }))}
            />
          )}
        </div>
      </section>
    </>
  );
}
