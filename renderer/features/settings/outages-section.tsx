import { outageWords } from '../../model/app/outages.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';
import { FormSection } from '../../ui/forms/form-layout.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { Duration } from '../../ui/text/duration.tsx';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import classes from './settings.module.css';

/** Silence in these times says nothing about the senders. */
export function OutagesSection() {
  const got = useCall('app.blindWindows', { limit: 20 }, { reloadOn: ['blindWindows.changed'] });
  return (
    <FormSection
      title="Outages"
      description="Times when Signalbox could not accept deliveries. Senders that retry have delivered since; deliveries of other senders are missing."
    >
      {got.value === undefined ? (
        got.error === null ? (
          <LoadingRows rows={2} />
        ) : (
          <ErrorState error={got.error} title="The outages could not be loaded" onRetry={got.reload} />
        )
      ) : got.value.items.length === 0 ? (
        <p className={classes.quiet}>No outages since Signalbox was first started.</p>
      ) : (
        <ul className={classes.secrets} aria-label="Outages">
          {got.value.items.map((window) => (
            <li key={`${window.kind} ${window.from}`} className={classes.secret}>
              <div className={classes.windowLine}>
                <Timestamp at={window.from} day />
                <Duration from={window.from} to={window.to} />
                <span>
                  <ToneBadge tone={window.to === null ? 'red' : 'grey'}>{outageWords[window.kind]}</ToneBadge>
                </span>
                <span className={classes.usedBy} title={window.detail}>
                  {window.detail}
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </FormSection>
  );
}
