import { Button, Select } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { collectPages } from '../../../shared/collect-pages.ts';
import { type AuditEntry, auditOutcomeSchema } from '../../../shared/contract/audit.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { saveFile } from '../../browser/save-file.ts';
import { type CallInput, call } from '../../client/index.ts';
import { useAction } from '../../errors/use-action.ts';
import { useLack } from '../../model/app/account.ts';
import { useRows } from '../../model/calls/use-call.ts';
import { useDebounced } from '../../model/calls/use-debounced.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { FilterField } from '../../ui/forms/filter-field.tsx';
import { AppPage, PageScroll } from '../../ui/layout/app-page.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { AuditRow } from './audit-row.tsx';
import classes from './team.module.css';

const pageRows = 100;
const maxExported = 100_000;

const toOutcome = (text: string | null): AuditEntry['outcome'] | undefined =>
  auditOutcomeSchema.options.find((outcome) => outcome === text);

export function AuditPage() {
  const lack = useLack('administer');
  const [text, setText] = useState('');
  const [outcome, setOutcome] = useState<AuditEntry['outcome'] | undefined>(undefined);
  const [count, setCount] = useState(pageRows);
  const query = useDebounced(text, 250);
  const filter: CallInput<'audit.list'> = {
    ...(query === '' ? {} : { query }),
    ...(outcome === undefined ? {} : { outcome }),
  };
  const fetchPage = (page: { limit: number; cursor?: string | null }) => call('audit.list', { ...filter, ...page });
  const got = useRows(`audit ${lack === null} ${query} ${outcome ?? ''}`, lack === null ? fetchPage : noRows, count, {
    keep: true,
  });
  const save = useAction(async () => {
    const entries = await collectPages(fetchPage, maxExported);
    saveFile(
      'signalbox-audit.jsonl',
      'application/jsonl',
      entries.map((entry) => `${stringifyExact(entry)}\n`).join(''),
    );
  });
  return (
    <AppPage
      title="Audit log"
      toolbar={
        <>
          <FilterField value={text} onChange={setText} label="Filter by name, call or target" />
          <Select
            aria-label="Outcome"
            placeholder="Any outcome"
            w={140}
            clearable
            data={auditOutcomeSchema.options}
            value={outcome ?? null}
            onChange={(value) => setOutcome(toOutcome(value))}
          />
        </>
      }
      actions={
        <Button
          variant="default"
          leftSection={<IconDownload size={14} stroke={1.6} />}
          loading={save.busy}
          disabled={lack !== null}
          title={lack ?? 'JSON Lines, as filtered'}
          onClick={() => void save.run()}
        >
          Export
        </Button>
      }
    >
      <PageScroll width={1200}>
        <InlineError error={save.error} />
        {lack !== null ? (
          <EmptyState title={lack}>Only admins can see the audit log.</EmptyState>
        ) : got.value === undefined ? (
          got.error === null ? (
            <LoadingRows rows={8} />
          ) : (
            <ErrorState error={got.error} title="The audit log could not be loaded" onRetry={got.reload} />
          )
        ) : got.value.length === 0 ? (
          <EmptyState title="No matching entries">Actions of operators appear here.</EmptyState>
        ) : (
          <>
            <table className={classes.table} aria-label="Audit log">
              <thead>
                <tr>
                  <th scope="col">Time</th>
                  <th scope="col">Name</th>
                  <th scope="col">Via</th>
                  <th scope="col">Call</th>
                  <th scope="col">Target</th>
                  <th scope="col">Outcome</th>
                  <th scope="col" aria-label="Details" />
                </tr>
              </thead>
              <tbody>
                {got.value.map((entry) => (
                  <AuditRow key={entry.id} entry={entry} />
                ))}
              </tbody>
            </table>
            {got.value.length >= count && (
              <Button variant="default" mt={8} loading={got.loading} onClick={() => setCount(count + pageRows)}>
                Load more
              </Button>
            )}
          </>
        )}
      </PageScroll>
    </AppPage>
  );
}

const noRows = () => Promise.resolve({ items: [], nextCursor: null });
