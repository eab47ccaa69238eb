import { Button, Modal } from '@mantine/core';
import type { Example } from '../../../shared/contract/examples.ts';
import { call } from '../../client/index.ts';
import { useAction } from '../../errors/use-action.ts';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import classes from './examples.module.css';
import { disabledListeners, openNeeds, pageOfNeed, pageOfPart, tryExample } from './model/try-example.ts';

export function Examples({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const list = useCall('examples.list', opened ? {} : null, { reloadOn: ['jobs.changed'] });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Example jobs"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {list.error !== null ? (
        <ErrorState error={list.error} />
      ) : list.value === undefined ? (
        <LoadingRows />
      ) : (
        <ul className={classes.list}>
          {list.value.items.map((example) => (
            <ExampleItem key={example.slug} example={example} onInstalled={list.reload} onClose={onClose} />
          ))}
        </ul>
      )}
    </Modal>
  );
}

const enableText = (count: number): string => `Enable its ${count === 1 ? 'listener' : 'listeners'}`;

interface ItemProps {
  example: Example;
  onInstalled: () => void;
  onClose: () => void;
}

function ExampleItem({ example, onInstalled, onClose }: ItemProps) {
  const install = useAction(async () => {
    await call('examples.install', { slug: example.slug });
    onInstalled();
  });
  const listeners = useCatalog((state) => state.listeners);
  const disabled = disabledListeners(example, listeners);
  const enable = useAction(async () => {
    for (const slug of disabled) await call('listeners.setState', { slug, state: 'active' });
  });
  const attempt = useAction(async () => {
    const eventId = await tryExample(example);
    onClose();
    navigate(paths.event(eventId));
  });
  const needs = openNeeds(example);
  const isReady = example.isInstalled && needs.length === 0;
  return (
    <li className={classes.item}>
      <div className={classes.head}>
        <h3 className={classes.title}>{example.title}</h3>
        <span className={classes.actions}>
          {example.isInstalled && <span className={classes.quiet}>Installed</span>}
          {!example.isInstalled && (
            <Button
              size="compact-sm"
              variant="default"
              loading={install.busy}
              aria-label={`Install ${example.title}`}
              onClick={() => void install.run()}
            >
              Install
            </Button>
          )}
          {isReady && disabled.length > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              loading={enable.busy}
              aria-label={`${enableText(disabled.length)}: ${example.title}`}
              onClick={() => void enable.run()}
            >
              {enableText(disabled.length)}
            </Button>
          )}
          {isReady && disabled.length === 0 && example.sample !== null && (
            <Button
              size="compact-sm"
              variant="default"
              loading={attempt.busy}
              aria-label={`Try it: ${example.title}`}
              title={`Sends an event ${example.sample.type}`}
              onClick={() => void attempt.run()}
            >
              Try it
            </Button>
          )}
        </span>
      </div>
      <p className={classes.text}>{example.description}</p>
      <div className={classes.parts}>
        {example.parts.map((part) =>
          part.isThere ? (
            <a key={`${part.kind} ${part.slug}`} href={hrefOf(pageOfPart(part))} onClick={onClose}>
              {part.kind} {part.slug}
            </a>
          ) : (
            <span key={`${part.kind} ${part.slug}`} className={classes.quiet}>
              {part.kind} {part.slug}
            </span>
          ),
        )}
      </div>
      {needs.length > 0 && (
        <>
          <ul className={classes.needs}>
            {needs.map((need) => (
              <li key={`${need.kind} ${need.name} ${need.job ?? ''}`}>
                <NeedPlace need={need} isThere={example.isInstalled} onClose={onClose} /> <code>{need.name}</code>:{' '}
                {need.what}
              </li>
            ))}
          </ul>
          <p className={classes.held}>
            {example.isInstalled
              ? 'Once these are set, enable its listeners here.'
              : 'Its listeners stay disabled until these are set.'}
          </p>
        </>
      )}
      <InlineError error={install.error ?? enable.error ?? attempt.error} />
    </li>
  );
}

interface NeedPlaceProps {
  need: Example['needs'][number];
  isThere: boolean;
  onClose: () => void;
}

function NeedPlace({ need, isThere, onClose }: NeedPlaceProps) {
  const page = isThere ? pageOfNeed(need) : null;
  const text = need.kind === 'env' ? `Variable of ${need.job}` : need.kind === 'secret' ? 'Stored secret' : 'File';
  if (page === null) return <>{text}</>;
  return (
    <a href={hrefOf(page)} onClick={onClose}>
      {text}
    </a>
  );
}
