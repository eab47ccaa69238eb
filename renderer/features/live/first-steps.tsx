import type { ReactNode } from 'react';
import type { Source } from '../../../shared/contract/sources.ts';
import { PermittedLink } from '../../domain/access/permitted-link.tsx';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { curlOf } from '../../model/definitions/source-curl.ts';
import { CodeBlock } from '../../ui/code/code-block.tsx';
import { Lamp } from '../../ui/feedback/lamp.tsx';
import classes from './first-steps.module.css';

interface StepProps {
  title: string;
  isDone: boolean;
  children: ReactNode;
}

function Step({ title, isDone, children }: StepProps) {
  return (
    <li className={classes.step}>
      <Lamp tone={isDone ? 'green' : 'grey'} lit={isDone} label={isDone ? 'Done' : 'To do'} />
      <div className={classes.body}>
        <h2>{title}</h2>
        {children}
      </div>
    </li>
  );
}

/** Three steps from an empty app to the first run of a job. */
export function FirstSteps({ source }: { source: Source | undefined }) {
  const hasListener = useCatalog((state) => state.listeners.some(({ owner }) => owner !== 'builtin'));
  const presets = useCall('sources.presets', {}).value?.items;
  return (
    <ol className={classes.steps}>
      <Step title="Create a source" isDone={source !== undefined}>
        {source === undefined ? (
          <>
            <p>A source is an address that a system sends its webhooks to.</p>
            <PermittedLink needs="define" href={hrefOf(paths.newSource())}>
              Create source
            </PermittedLink>
          </>
        ) : (
          <p>
            <a href={hrefOf(paths.source(source.slug))}>{source.name}</a> accepts deliveries.
          </p>
        )}
      </Step>
      <Step title="Send an event" isDone={false}>
        {source === undefined || presets === undefined ? (
          <p>Events appear here immediately.</p>
        ) : (
          <>
            <p>
              Every request to <b>{source.name}</b> appears here immediately.
            </p>
            <CodeBlock
              text={curlOf(
                source,
                presets.find((preset) => preset.id === source.preset),
              )}
            />
          </>
        )}
      </Step>
      <Step title="Create a listener" isDone={hasListener}>
        <p>
          A <a href={hrefOf(paths.newListener())}>listener</a> picks events and runs a{' '}
          <a href={hrefOf(paths.jobs())}>job</a> for each of them.
        </p>
      </Step>
    </ol>
  );
}
