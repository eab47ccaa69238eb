import { Button, Modal } from '@mantine/core';
import type { Example } from '../../../shared/contract/examples.ts';
import { call } from '../../client/index.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { InlineError } from '../../components/inline-error.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { openNeeds, pageOfPart } from '../../stores/examples.ts';
import { hrefOf } from '../../stores/paths.ts';
import { useAction, useCall } from '../../stores/use-call.ts';
import classes from './examples.module.css';

export function Examples({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const list = useCall('examples.list', opened ? {} : null);
  return (
    <Modal opened={opened} onClose={onClose} title="Example jobs" size="lg">
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
  const needs = openNeeds(example);
  return (
    <li className={classes.item}>
      <div className={classes.head}>
        <h3 className={classes.title}>{example.title}</h3>
        {example.isInstalled ? (
          <span className={classes.quiet}>Installed</span>
        ) : (
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
        <ul className={classes.needs}>
          {needs.map((need) => (
            <li key={`${need.kind} ${need.name} ${need.job ?? ''}`}>
              {need.kind === 'env' ? `Variable of ${need.job}` : need.kind === 'secret' ? 'Stored secret' : 'File'}{' '}
              <code>{need.name}</code>: {need.what} Its listeners stay disabled until you enable them.
            </li>
          ))}
        </ul>
      )}
      <InlineError error={install.error} />
    </li>
  );
}
