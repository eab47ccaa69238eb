import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { useCatalog } from '../../../model/definitions/catalog.ts';
import { curlOf } from '../../../model/definitions/source-curl.ts';
import { CodeBlock } from '../../../ui/code/code-block.tsx';
import { CreateListener } from './create-listener.tsx';
import { CreateSource } from './create-source.tsx';
import classes from './first-steps.module.css';
import { SendTest } from './send-test.tsx';
import { Step } from './step.tsx';

/** One path from an empty app to the first run of a job. Each step is done when its result is stored. */
export function FirstSteps() {
  const source = useCatalog((state) => state.sources.find((one) => one.url !== null && one.enabled));
  const listener = useCatalog((state) =>
    state.listeners.find((one) => one.owner !== 'builtin' && one.source === source?.slug && one.state === 'active'),
  );
  const presets = useCall('sources.presets', {}).value?.items;
  const preset = presets?.find((one) => one.id === source?.preset);
  const event = useCall('events.list', source === undefined ? null : { query: `source:${source.slug}`, limit: 1 }, {
    reloadOn: ['events.added'],
  }).value?.items[0];
  const run = useCall('runs.list', listener === undefined ? null : { listener: listener.slug, limit: 1 }, {
    reloadOn: ['runs.changed'],
  }).value?.items[0];
  return (
    <ol className={classes.steps}>
      <Step title="Choose the sender" isDone={source !== undefined}>
        {source === undefined ? (
          <>
            <p>A source is an address for one sender. Its preset reads and verifies what it sends.</p>
            {presets !== undefined && <CreateSource presets={presets} />}
          </>
        ) : (
          <p>
            <a href={hrefOf(paths.source(source.slug))}>{source.name}</a> accepts deliveries.
          </p>
        )}
      </Step>
      <Step title="Send a request" isDone={event !== undefined}>
        {source === undefined ? (
          <p>Events appear in Live immediately.</p>
        ) : event === undefined ? (
          <>
            <p>From a terminal on this computer, or with the button. Other senders need the address alone.</p>
            <CodeBlock text={curlOf(source, preset)} />
            {preset !== undefined && (
              <div className={classes.line}>
                <SendTest source={source} preset={preset} primary />
              </div>
            )}
          </>
        ) : (
          <p>
            <a href={hrefOf(paths.event(event.id))}>{event.type}</a> was received.
          </p>
        )}
      </Step>
      <Step title="Run a job for it" isDone={listener !== undefined}>
        {source === undefined || event === undefined ? (
          <p>A listener picks events and runs a job for each of them.</p>
        ) : listener === undefined ? (
          <>
            <p>
              The command reads the event from standard input; the default one prints it. The listener runs it for every
              event of {source.name}.
            </p>
            <CreateListener source={source} />
          </>
        ) : (
          <p>
            <a href={hrefOf(paths.listener(listener.slug))}>{listener.name}</a> runs{' '}
            <a href={hrefOf(paths.job(listener.job))}>{listener.job}</a>.
          </p>
        )}
      </Step>
      <Step title="See its output" isDone={run !== undefined}>
        {source === undefined || preset === undefined || listener === undefined ? (
          <p>Each run keeps its output and result.</p>
        ) : run === undefined ? (
          <div className={classes.line}>
            <SendTest source={source} preset={preset} primary />
          </div>
        ) : (
          <p>
            <a href={hrefOf(paths.run(run.id))}>The run of {run.job}</a> is {run.state}.
          </p>
        )}
      </Step>
    </ol>
  );
}
