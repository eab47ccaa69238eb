import { Select } from '@mantine/core';
import { useState } from 'react';
import type { PresetInfo } from '../../../../shared/contract/sources.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCatalog } from '../../../model/definitions/catalog.ts';
import { freeSlug } from '../../../model/definitions/slug.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import classes from './first-steps.module.css';

/** Chooses the sender and creates its source. Secrets and other settings are added on the page of the source. */
export function CreateSource({ presets }: { presets: readonly PresetInfo[] }) {
  const [presetId, setPresetId] = useState('generic');
  const taken = useCatalog((state) => state.sources);
  const create = useAction(() =>
    call('sources.create', {
      slug: freeSlug(presetId, new Set(taken.map(({ slug }) => slug))),
      preset: presetId,
    }).then(() => undefined),
  );
  return (
    <form
      className={classes.line}
      onSubmit={(event) => {
        event.preventDefault();
        void create.run();
      }}
    >
      <Select
        aria-label="Sender"
        searchable
        allowDeselect={false}
        data={presets.map(({ id, label }) => ({ value: id, label }))}
        value={presetId}
        onChange={(id) => setPresetId(id ?? presetId)}
        nothingFoundMessage="No matching presets"
      />
      <PermittedButton type="submit" needs="define" loading={create.busy}>
        Create source
      </PermittedButton>
      {create.error !== null && (
        <>
          <InlineError error={create.error} />
          <a href={hrefOf(paths.newSource())}>Create it with its settings</a>
        </>
      )}
    </form>
  );
}
