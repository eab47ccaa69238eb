import { IconWebhook } from '@tabler/icons-react';
import type { Source } from '../../../shared/contract/sources.ts';
import { copyText } from '../../browser/copy-text.ts';
import { PermittedLink } from '../../domain/access/permitted-link.tsx';
import { DefinitionPage } from '../../domain/definition/definition-page.tsx';
import type { PageProps } from '../../model/app/feature.ts';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { newKey } from '../../model/definitions/definition-editor.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { showDone, showFailure } from '../../ui/feedback/toasts.tsx';
import { readAsked } from './model/deliveries-list.ts';
import { sourceEditors } from './model/source-draft.ts';
import { filterSources } from './model/source-health.ts';
import { NewSourcePane } from './new-source-pane.tsx';
import { SourcePane } from './source-pane.tsx';
import { columns, headings, SourceRow } from './source-row.tsx';

async function copyAddress({ name, url }: Source): Promise<void> {
  if (url === null) return;
  try {
    await copyText(url);
    showDone(`Address of ${name} copied`);
  } catch (error) {
    showFailure(error, 'Copy failed');
  }
}

const copyKey = (current: Source | undefined) => [
  {
    keys: 'y',
    label: 'Copy address',
    enabled: current !== undefined && current.url !== null,
    run: () => current !== undefined && void copyAddress(current),
  },
];

export function SourcesPage({ params, search }: PageProps) {
  const openSlug = params.slug ?? null;
  const sources = useCatalog((state) => state.sources);
  const presets = useCall('sources.presets', {});
  const dirty = new Set(sourceEditors.useDirtyKeys().split(' '));
  const close = (): void => navigate(paths.sources());
  const isOwnAlone = sources.every((source) => source.owner === 'builtin');

  return (
    <DefinitionPage
      id="sources"
      title="Sources"
      what="source"
      paths={{ all: paths.sources(), create: paths.newSource(), one: paths.source }}
      openSlug={openSlug}
      items={sources}
      search={filterSources}
      columns={columns}
      headings={headings}
      renderRow={(source, narrow) => (
        <SourceRow
          source={source}
          preset={presets.value?.items.find((preset) => preset.id === source.preset)}
          narrow={narrow}
          isDirty={dirty.has(source.slug)}
          onCopy={() => void copyAddress(source)}
        />
      )}
      notFound={<EmptyState title="No matching sources">Searches names, presets and addresses.</EmptyState>}
      footer={
        isOwnAlone && (
          <EmptyState
            icon={IconWebhook}
            title="No sources yet"
            action={
              <PermittedLink needs="define" href={hrefOf(paths.newSource())}>
                New source
              </PermittedLink>
            }
          >
            A source is an address for one sender. It defines how deliveries are verified and where the type and ID of
            events are found.
          </EmptyState>
        )
      }
      shortcuts={copyKey}
      newPane={<NewSourcePane key={newKey} presets={presets} onClose={close} />}
      openPane={
        openSlug !== null && (
          <SourcePane
            key={`${openSlug} ${search.toString()}`}
            slug={openSlug}
            asked={readAsked(search)}
            presets={presets}
            onClose={close}
          />
        )
      }
    />
  );
}
