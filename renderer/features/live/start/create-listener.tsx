import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Source } from '../../../../shared/contract/sources.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCatalog } from '../../../model/definitions/catalog.ts';
import { freeSlug } from '../../../model/definitions/slug.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import classes from './first-steps.module.css';

/** Creates a job with a command, and a listener that runs it for every event of the source. */
export function CreateListener({ source }: { source: Source }) {
  const [command, setCommand] = useState('cat');
  const jobs = useCatalog((state) => state.jobs);
  const listeners = useCatalog((state) => state.listeners);
  const argv = command.trim().split(/\s+/).filter(Boolean);
  const create = useAction(async () => {
    const base = `on-${source.slug}`.slice(0, 60);
    // A second try after the listener failed uses the job that is there.
    const made = jobs.find(
      (job) => job.slug === base && job.kind === 'command' && job.command.join(' ') === argv.join(' '),
    );
    const job =
      made?.slug ??
      (
        await call('jobs.create', {
          slug: freeSlug(base, new Set(jobs.map(({ slug }) => slug))),
          kind: 'command',
          command: argv,
        })
      ).slug;
    await call('listeners.create', {
      slug: freeSlug(base, new Set(listeners.map(({ slug }) => slug))),
      source: source.slug,
      job,
    });
  });
  return (
    <form
      className={classes.line}
      onSubmit={(event) => {
        event.preventDefault();
        if (argv.length > 0) void create.run();
      }}
    >
      <TextInput
        aria-label="Command"
        value={command}
        spellCheck={false}
        onChange={(event) => setCommand(event.currentTarget.value)}
      />
      <PermittedButton type="submit" needs="define" loading={create.busy} disabled={argv.length === 0}>
        Create job and listener
      </PermittedButton>
      <InlineError error={create.error} />
      {create.error !== null && <a href={hrefOf(paths.newListener())}>Create a listener with its settings</a>}
    </form>
  );
}
