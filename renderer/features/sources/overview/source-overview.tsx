import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { PaneBody } from '../../../domain/definition/definition-pane.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { usePush } from '../../../model/calls/use-call.ts';
import { useCatalog } from '../../../model/definitions/catalog.ts';
import { printSize } from '../../../model/definitions/sizes.ts';
import { CopyButton } from '../../../ui/feedback/copy-button.tsx';
import { Lamp } from '../../../ui/feedback/lamp.tsx';
import { KeyValueTable } from '../../../ui/tables/key-value-table.tsx';
import { formatCount } from '../../../ui/text/format.ts';
import { Mono } from '../../../ui/text/mono.tsx';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
import { rateLimitText } from '../model/rate-limit-text.ts';
import { isWaitingForFirst, verificationOf } from '../model/source-health.ts';
import { LatestPresetSuggestion } from '../presets/preset-suggestion.tsx';
import classes from '../sources.module.css';
import { IdentitySubscriptions } from './identity-subscriptions.tsx';
import { SourceSetup } from './source-setup.tsx';

interface SourceOverviewProps {
  source: Source;
  preset: PresetInfo | undefined;
  /** Those the source may be switched to; empty when it may not be changed here. */
  presets: readonly PresetInfo[];
  onSwitch: (preset: PresetInfo) => void;
  onTest: () => void;
}

/** What a sender needs, and whether anything has come. */
export function SourceOverview({ source, preset, presets, onSwitch, onTest }: SourceOverviewProps) {
  const listeners = useCatalog((state) => state.listeners).filter((listener) => listener.source === source.slug);
  if (source.url === null) {
    return (
      <PaneBody>
        <p className={classes.lead}>
          Signalbox raises internal events here when runs end, are acknowledged or are canceled, so that listeners can
          chain jobs.
        </p>
        <a href={hrefOf(paths.live(`source:${source.slug}`))}>Show events</a>
      </PaneBody>
    );
  }
  const verification = verificationOf(source, preset);
  const largestBody = source.maxBodyBytes ?? preset?.maxBodyBytes;
  const isWaiting = isWaitingForFirst(source);
  return (
    <PaneBody>
      <div className={classes.url}>
        <code className={classes.urlText}>{source.url}</code>
        <CopyButton text={source.url} label="Copy" title="Copy address" />
      </div>
      <Arrival source={source} onTest={onTest} />
      {source.preset === 'generic' && <LatestPresetSuggestion source={source} presets={presets} onSwitch={onSwitch} />}
      {isWaiting ? (
        <SourceSetup source={source} preset={preset} />
      ) : (
        <div className={classes.counts}>
          <CountBox label="accepted" value={source.counts.accepted} />
          <CountBox label="repeated" value={source.counts.duplicate} />
          <CountBox label="refused" value={source.counts.refused} isBad />
        </div>
      )}
      {isWaiting && <h3 className={classes.sectionTitle}>Request handling</h3>}
      <KeyValueTable
        rows={[
          { key: 'Preset', value: preset?.label ?? source.preset },
          {
            key: 'Verification',
            value: <span className={verification.isChecked ? undefined : classes.unverified}>{verification.text}</span>,
          },
          { key: 'Methods', value: <Mono>{(source.methods ?? preset?.defaults.methods ?? []).join(' ')}</Mono> },
          {
            key: 'Answer',
            value: `${source.response?.status ?? source.answerStatus ?? preset?.defaults.answerStatus ?? 202}, once stored`,
          },
          {
            key: 'Max body size',
            value: largestBody === undefined ? '—' : printSize(largestBody),
          },
          {
            key: 'Rate limit',
            value: rateLimitText(source.rateLimit ?? preset?.defaults.rateLimit ?? 'off'),
          },
          {
            key: 'Listeners',
            value:
              listeners.length === 0 ? (
                <span className={classes.quiet}>No dedicated listeners. Listeners for any source still apply.</span>
              ) : (
                listeners.map((listener, index) => (
                  <span key={listener.slug}>
                    {index > 0 && ', '}
                    <a href={hrefOf(paths.listener(listener.slug))}>{listener.name}</a>
                  </span>
                ))
              ),
          },
          { key: 'Events', value: <a href={hrefOf(paths.live(`source:${source.slug}`))}>Show in Live</a> },
        ]}
      />
      {source.preset === 'next-identity' && <IdentitySubscriptions source={source} />}
      {!isWaiting && <SourceSetup source={source} preset={preset} />}
    </PaneBody>
  );
}

function CountBox({ label, value, isBad = false }: { label: string; value: number; isBad?: boolean }) {
  return (
    <div className={classes.count}>
      <span className={isBad && value > 0 ? classes.bad : classes.countValue}>{formatCount(value)}</span>
      <span className={classes.countLabel}>{label}</span>
    </div>
  );
}

/** Waits for the first delivery, and says what came of it the moment it is there. */
function Arrival({ source, onTest }: { source: Source; onTest: () => void }) {
  const wasWaiting = useRef(isWaitingForFirst(source));
  const [first, setFirst] = useState<{ isTaken: boolean; text: string } | null>(null);
  useEffect(() => {
    if (isWaitingForFirst(source)) wasWaiting.current = true;
  }, [source]);
  const [tried, setTried] = useState<string | null>(null);
  usePush('deliveries.added', ({ items }) => {
    if (!wasWaiting.current || first?.isTaken === true) return;
    const delivery = items.find((item) => item.source === source.slug);
    if (delivery === undefined) return;
    if (delivery.result === 'tried') {
      setTried(delivery.reason?.message ?? null);
      return;
    }
    setFirst(
      delivery.result === 'refused'
        ? {
            isTaken: false,
            text: `First delivery refused: ${delivery.reason?.message ?? `status ${delivery.status}`}`,
          }
        : { isTaken: true, text: 'First delivery received.' },
    );
  });

  if (first !== null) {
    return (
      <div className={classes.arrival} data-tone={first.isTaken ? 'green' : 'amber'} role="status">
        <Lamp tone={first.isTaken ? 'green' : 'amber'} />
        <span className={classes.arrivalText}>{first.text}</span>
        {first.isTaken && <a href={hrefOf(paths.live(`source:${source.slug}`))}>Show the event</a>}
      </div>
    );
  }
  if (isWaitingForFirst(source)) {
    return (
      <div className={classes.arrival} role="status">
        <Lamp tone="grey" lit={source.enabled} />
        <span className={classes.arrivalText}>
          {tried !== null && `${tried} `}
          {source.enabled ? 'Waiting for the first delivery…' : 'Disabled: deliveries are answered 404.'}
        </span>
        <Button variant="default" onClick={onTest}>
          Send a test
        </Button>
      </div>
    );
  }
  const { lastRefusal, lastDeliveryAt } = source;
  const isRefused =
    lastRefusal !== null && (lastDeliveryAt === null || Date.parse(lastRefusal.at) >= Date.parse(lastDeliveryAt));
  return (
    <div className={classes.arrival} data-tone={isRefused ? 'amber' : undefined} role="status">
      <Lamp tone={isRefused ? 'amber' : source.enabled ? 'green' : 'grey'} lit={source.enabled} />
      <span className={classes.arrivalText}>
        {isRefused ? (
          <>
            Refused <TimeAgo at={lastRefusal.at} />: {lastRefusal.message} <code>{lastRefusal.code}</code>
          </>
        ) : lastDeliveryAt !== null ? (
          <>
            Last event <TimeAgo at={lastDeliveryAt} />
          </>
        ) : (
          'No event has been accepted yet.'
        )}
      </span>
    </div>
  );
}
