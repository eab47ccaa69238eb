import { useState } from 'react';
import type { Json } from '../../../../shared/contract/common.ts';
import type { EventDetail, EventItem } from '../../../../shared/contract/events.ts';
import { isExactNumber } from '../../../../shared/exact-json/exact-number.ts';
import { isJsonRecord } from '../../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { JsonView } from '../../../ui/code/json-view.tsx';
import type { PickedValue } from '../../../ui/code/pick-value.ts';
import { formatBytes } from '../../../ui/text/format.ts';
import classes from '../live.module.css';
import { ValueMenu } from './value-menu.tsx';

const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && !isExactNumber(value) && Object.keys(value).length === 0);

const isNested = (value: Json): value is Json[] | { [name: string]: Json } =>
  Array.isArray(value) || isJsonRecord(value);

/** So much JSON still stands in a line beside other facts. */
const inlineLength = 60;

/** Text as it is; what is nested and long is folded, with its names to go by. */
function ContextValue({ name, value }: { name: string; value: Json }) {
  const text = typeof value === 'string' ? value : stringifyExact(value);
  if (!isNested(value) || text.length <= inlineLength) return <>{text}</>;
  const names = Array.isArray(value) ? `${value.length} items` : Object.keys(value).join(', ');
  return (
    <details className={classes.contextNested}>
      <summary>{names}</summary>
      <JsonView value={value} label={name} maxHeight="180px" />
    </details>
  );
}

export function PayloadTab({ event, detail }: { event: EventItem; detail: EventDetail | undefined }) {
  const isWaiting = detail === undefined && event.payloadOmittedBytes !== undefined;
  const shown = detail ?? event;
  const [picked, setPicked] = useState<PickedValue | null>(null);
  return (
    <div className={classes.payload}>
      {isNested(shown.context) && !isEmpty(shown.context) && (
        <dl className={classes.context} aria-label="Context">
          {Object.entries(shown.context).map(([key, value]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>
                <ContextValue name={key} value={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {isWaiting ? (
        <div className={classes.note}>Loading {formatBytes(event.payloadOmittedBytes ?? 0)} …</div>
      ) : (
        <div className={classes.json}>
          <JsonView value={shown.payload} label="Payload" height="100%" onPickValue={setPicked} bare />
        </div>
      )}
      {picked !== null && <ValueMenu event={shown} picked={picked} onClose={() => setPicked(null)} />}
    </div>
  );
}
