import { SourceRhythmText } from '../../domain/time/source-rhythm-text.tsx';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { statisticsDelayMs, useCall } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { OverviewNote } from '../../ui/charts/fact-list.tsx';
import { Card, Loaded } from './card.tsx';
import classes from './insights.module.css';

/** Which sources have gone silent; those that deliver after them. */
export function SourcesCard() {
  const got = useCall(
    'insights.sources',
    {},
    { reloadOn: ['deliveries.added', 'sources.changed'], keep: true, reloadDelayMs: statisticsDelayMs },
  );
  const sources = useCatalog((state) => state.sources);
  return (
    <Card title="Sources" note="latest delivery against the usual interval">
      <Loaded of={got}>
        {({ items }) =>
          items.length === 0 ? (
            <OverviewNote>No enabled sources.</OverviewNote>
          ) : (
            <ul className={classes.sources}>
              {[...items]
                .sort((one, other) => Number(other.rhythm.isSilent) - Number(one.rhythm.isSilent))
                .map(({ slug, rhythm }) => (
                  <li key={slug} className={classes.source}>
                    <a href={hrefOf(paths.deliveries(slug))}>
                      {sources.find((source) => source.slug === slug)?.name ?? slug}
                    </a>
                    <span className={classes.rhythm}>
                      <SourceRhythmText rhythm={rhythm} />
                    </span>
                  </li>
                ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}
