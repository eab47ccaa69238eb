import { Anchor } from '@mantine/core';
import { useState } from 'react';
import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { caddySnippet, haproxySnippet, nginxSnippet } from '../../../../shared/proxy/receiver-snippets.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useStatus } from '../../../model/app/status.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { curlOf } from '../../../model/definitions/source-curl.ts';
import { CodeBlock } from '../../../ui/code/code-block.tsx';
import { SegmentTabs } from '../../../ui/layout/segment-tabs.tsx';
import { setupOf } from '../model/sender-setup.ts';
import { MarkedText } from './marked-text.tsx';
import classes from './source-setup.module.css';

interface SourceSetupProps {
  source: Source;
  preset: PresetInfo | undefined;
}

/** What to do on the sender's side, and on this machine so that a sender outside can reach it. */
export function SourceSetup({ source, preset }: SourceSetupProps) {
  const help = setupOf(source, preset);
  if (help === null) return null;
  return (
    <section aria-label="Setup">
      <h3 className={classes.title}>Set up {preset?.label ?? 'the sender'}</h3>
      <ol className={classes.steps}>
        {help.steps.map((step) => (
          <li key={step}>
            <MarkedText text={step} />
          </li>
        ))}
      </ol>
      {help.assumptions.map((assumption) => (
        <p key={assumption} className={classes.assumed}>
          <b>Assumed.</b> <MarkedText text={assumption} />
        </p>
      ))}
      <Reach source={source} preset={preset} />
    </section>
  );
}

const snippets = { nginx: nginxSnippet, caddy: caddySnippet, haproxy: haproxySnippet };
type Way = keyof typeof snippets | 'terminal';

function Reach({ source, preset }: SourceSetupProps) {
  const [way, setWay] = useState<Way>('nginx');
  const receiverUrl = useStatus((state) => state.status?.receiver.url);
  const settings = useCall('settings.get', {}, { reloadOn: ['settings.changed'] }).value;
  const maxBodyBytes = source.maxBodyBytes ?? preset?.maxBodyBytes;
  if (receiverUrl === undefined || settings === undefined || maxBodyBytes === undefined) return null;
  const facts = {
    receiverUrl,
    publicUrl: settings.publicUrl,
    slug: source.slug,
    maxBodyBytes,
  };
  const text = way === 'terminal' ? curlOf(source, preset) : snippets[way](facts);
  const lacks = [
    ...(settings.publicUrl === '' ? ['the public address'] : []),
    ...(settings.trustedProxies.length === 0 ? ['the trusted proxy'] : []),
  ];
  return (
    <>
      <h3 className={classes.title}>Make this machine reachable</h3>
      <div className={classes.ways}>
        <SegmentTabs
          id="reach"
          label="Connection"
          tabs={[
            { value: 'nginx', label: 'nginx' },
            { value: 'caddy', label: 'Caddy' },
            { value: 'haproxy', label: 'HAProxy' },
            { value: 'terminal', label: 'From a terminal' },
          ]}
          value={way}
          onChange={(value: Way) => setWay(value)}
        />
      </div>
      <div id="reach-panel" role="tabpanel" aria-labelledby={`reach-tab-${way}`} className={classes.reach}>
        {way !== 'terminal' && (
          <p className={classes.note}>
            A sender outside needs HTTPS in front of the receiver at <code>{receiverUrl}</code>.
            {lacks.length > 0 && (
              <>
                {' '}
                Then set {lacks.join(' and ')} in the{' '}
                <Anchor inherit underline="always" href={hrefOf(paths.settings())}>
                  settings
                </Anchor>
                .
              </>
            )}
          </p>
        )}
        <CodeBlock text={text} />
      </div>
    </>
  );
}
