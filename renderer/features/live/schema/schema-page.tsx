import { Button, TextInput } from '@mantine/core';
import { useDeferredValue, useState } from 'react';
import type { SeenField, TypeSchema } from '../../../../shared/contract/type-schemas.ts';
import type { PageProps } from '../../../model/app/feature.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { matchesWords } from '../../../model/definitions/matches-words.ts';
import { queryOfReach } from '../../../model/events/reach-query.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { ToneBadge } from '../../../ui/feedback/tone-badge.tsx';
import { AppPage } from '../../../ui/layout/app-page.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { formatCount, formatPercent } from '../../../ui/text/format.ts';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
import { VisibleText } from '../../../ui/text/visible-text.tsx';
import classes from './schema.module.css';

/** Which fields the events of a type have, from a sample of stored events. */
export function SchemaPage({ search }: PageProps) {
  const source = search.get('source');
  const type = search.get('type') ?? '';
  const reach = { source, type: type === '' ? [] : [type] };
  const got = useCall('events.schema', reach);
  const [words, setWords] = useState('');
  const shown = useDeferredValue(words);
  return (
    <AppPage
      title="Schema"
      toolbar={
        <TextInput
          size="xs"
          aria-label="Filter fields"
          placeholder="Filter fields"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      }
      actions={
        <>
          <Button variant="default" loading={got.loading} onClick={got.reload}>
            Refresh
          </Button>
          <Button variant="default" component="a" href={hrefOf(paths.live(queryOfReach(reach)))}>
            Show events
          </Button>
        </>
      }
    >
      <div className={classes.page}>
        <h2 className={classes.type}>
          <VisibleText text={type === '' ? 'Every type' : type} />
          {source !== null && <span className={classes.source}>{source}</span>}
        </h2>
        {got.value === undefined ? (
          got.error === null ? (
            <LoadingRows rows={10} />
          ) : (
            <ErrorState title="The schema could not be loaded" error={got.error} onRetry={got.reload} />
          )
        ) : got.value.sampled === 0 ? (
          <EmptyState title="No events of this type">Fields appear with the first event.</EmptyState>
        ) : (
          <Fields schema={got.value} words={shown} />
        )}
      </div>
    </AppPage>
  );
}

function Fields({ schema, words }: { schema: TypeSchema; words: string }) {
  const fields = schema.fields.filter(({ path, examples }) => matchesWords(words, [path, ...examples]));
  return (
    <>
      <p className={classes.sample}>
        {schema.sampled === 1 ? '1 event sampled' : `${formatCount(schema.sampled)} events sampled`}
        {schema.oldestAt !== null && (
          <>
            , back to <TimeAgo at={schema.oldestAt} />
          </>
        )}
        . Recent: the newest {formatCount(schema.recent)}.{schema.isCut && ' The first 1,000 fields are listed.'}
      </p>
      {fields.length === 0 ? (
        <EmptyState title="No results" />
      ) : (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Types</th>
              <th scope="col" className={classes.number}>
                Share
              </th>
              <th scope="col">Examples</th>
              <th scope="col">First seen</th>
              <th scope="col">Last seen</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <FieldRow key={field.path} field={field} schema={schema} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function FieldRow({ field, schema }: { field: SeenField; schema: TypeSchema }) {
  const isGone = field.recent === 0;
  const isMixed = field.types.filter(({ type }) => type !== 'list' && type !== 'null').length > 1;
  return (
    <tr data-gone={isGone}>
      <th scope="row">{field.path}</th>
      <td>
        <span className={classes.types}>
          {field.types.map(({ type, count }) => (
            <span key={type} className={classes.jsonType} title={`${formatCount(count)} events`}>
              {type}
            </span>
          ))}
          {isMixed && <ToneBadge tone="amber">mixed</ToneBadge>}
          {isGone && <ToneBadge tone="amber">not in recent events</ToneBadge>}
        </span>
      </td>
      <td className={classes.number}>{formatPercent(field.count / schema.sampled)}</td>
      <td className={classes.examples} title={field.examples.join('\n')}>
        {field.examples.map((example, index) => (
          <span key={example}>
            {index > 0 && ', '}
            <VisibleText text={example === '' ? '""' : example} />
          </span>
        ))}
      </td>
      <td className={classes.time}>
        <TimeAgo at={field.firstAt} />
      </td>
      <td className={classes.time}>
        <TimeAgo at={field.lastAt} />
      </td>
    </tr>
  );
}
