import { Select, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Source } from '../../../../shared/contract/sources.ts';
import { type NextIdentityPresetId, nextIdentityPresets } from '../../../../shared/vendors/next-identity/listeners.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { navigate } from '../../../model/app/navigation.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCatalog } from '../../../model/definitions/catalog.ts';
import { newKey } from '../../../model/definitions/definition-editor.ts';
import { listenerEditors, listenerInputOf } from '../../../model/definitions/listener-draft.ts';
import { freeSlug } from '../../../model/definitions/slug.ts';
import { useRecentEvents } from '../../../model/events/recent-events.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { showUndo } from '../../../ui/feedback/toasts.tsx';
import { monoInput } from '../../../ui/forms/mono-input.ts';
import { identityListener, installedListener, latestScopes } from '../model/identity-subscriptions.ts';
import classes from './source-setup.module.css';

/** The vendor's three kinds of subscription, each a listener at a click; without a job, a draft to be completed. */
export function IdentitySubscriptions({ source }: { source: Source }) {
  const { items } = useRecentEvents(`source:${source.slug}`);
  const seen = useMemo(() => latestScopes(items), [items]);
  const jobs = useCatalog((state) => state.jobs);
  const listeners = useCatalog((state) => state.listeners);
  const [typed, setTyped] = useState<{ property?: string; client?: string }>({});
  const [job, setJob] = useState<string | null>(null);
  const ids = { property: typed.property ?? seen.property ?? '', client: typed.client ?? seen.client ?? '' };

  const make = useAction(async (preset: NextIdentityPresetId, scopeId: string) => {
    const draft = identityListener(preset, source.slug, scopeId);
    const slug = freeSlug(draft.slug, new Set(listeners.map((listener) => listener.slug)));
    if (job === null) {
      listenerEditors.begin(newKey, { ...draft, slug }, null);
      navigate(paths.newListener());
      return;
    }
    const made = await call('listeners.create', listenerInputOf({ ...draft, slug, job }));
    showUndo({
      message: `Listener ${made.name} created`,
      undo: async () => {
        await call('listeners.setState', { slug: made.slug, state: 'deleted' });
      },
    });
  });

  return (
    <section aria-label="Subscriptions">
      <h3 className={classes.title}>Listeners for its subscriptions</h3>
      <div className={classes.subscriptionJob}>
        <Select
          aria-label="Job"
          classNames={job === null ? {} : monoInput}
          data={jobs.map(({ slug }) => slug)}
          value={job}
          placeholder={jobs.length === 0 ? 'No jobs yet' : 'Choose a job'}
          searchable
          clearable
          allowDeselect={false}
          w={190}
          nothingFoundMessage="No matching jobs"
          onChange={setJob}
        />
        <span className={classes.aside}>
          {job === null ? 'Or choose a job in each listener.' : `Each listener starts ${job}.`}
        </span>
      </div>
      <ul className={classes.subscriptions}>
        {nextIdentityPresets.map((preset) => {
          const id = ids[preset.scope].trim();
          const installed = installedListener(listeners, preset.id, source.slug, id);
          return (
            <li key={preset.id}>
              <span className={classes.subscription}>{preset.label}</span>
              <TextInput
                aria-label={`${preset.scope === 'property' ? 'Property' : 'Client ID'}: ${preset.label}`}
                classNames={monoInput}
                placeholder={preset.scope === 'property' ? 'property ID' : 'client ID'}
                value={ids[preset.scope]}
                w={190}
                onChange={(event) => setTyped({ ...typed, [preset.scope]: event.currentTarget.value })}
              />
              {installed === undefined ? (
                <PermittedButton
                  needs="define"
                  variant="default"
                  w={140}
                  disabled={id === '' || make.busy}
                  onClick={() => void make.run(preset.id, id)}
                >
                  {job === null ? 'Create listener' : 'Install'}
                </PermittedButton>
              ) : (
                <a className={classes.installed} href={hrefOf(paths.listener(installed.slug))}>
                  Installed
                </a>
              )}
            </li>
          );
        })}
      </ul>
      <InlineError error={make.error} />
    </section>
  );
}
