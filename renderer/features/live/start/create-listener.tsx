import { useState } from 'react';
import type { Source } from '../../../../shared/contract/sources.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { ArgvField } from '../../../domain/definition/command/argv-field.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { type ArgRow, argRow, printCommand } from '../../../model/definitions/argv.ts';
import { useCatalog } from '../../../model/definitions/catalog.ts';
import { freeSlug } from '../../../model/definitions/slug.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import classes from './first-steps.module.css';

/** Prints what it reads. A job has `node` everywhere, where the computer has none as well. */
const usualCommand = ['node', '-e', 'process.stdin.pipe(process.stdout)'];

/** Creates a job with a command, and a listener that runs it for every event of the source. */
export function CreateListener({ source }: { source: Source }) {
  const [rows, setRows] = useState<readonly ArgRow[]>(() => usualCommand.map(argRow));
  const jobs = useCatalog((state) => state.jobs);
  const listeners = useCatalog((state) => state.listeners);
  const argv = rows.map(({ text }) => text);
  const isEmpty = argv[0]?.trim() === '';
  const create = useAction(async () => {
    const base = `on-${source.slug}`.slice(0, 60);
    // A second try after the listener failed uses the job that is there.
    const made = jobs.find(
      (job) => job.slug === base && job.kind === 'command' && printCommand(job.command) === printCommand(argv),
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
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty) void create.run();
      }}
    >
      <ArgvField rows={rows} readOnly={false} onChange={setRows} />
      <div className={classes.line}>
        <PermittedButton type="submit" needs="define" loading={create.busy} disabled={isEmpty}>
          Create job and listener
        </PermittedButton>
        <InlineError error={create.error} />
        {create.error !== null && <a href={hrefOf(paths.newListener())}>Create a listener with its settings</a>}
      </div>
    </form>
  );
}
