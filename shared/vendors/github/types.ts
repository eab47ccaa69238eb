import { type CatalogEntry, entry } from '../catalog-types.ts';
import { githubOperations } from './operation-types.ts';
import { user } from './samples.ts';
import { githubWork } from './work-types.ts';

/** The event's name travels in `X-GitHub-Event`, which `sampleDelivery` adds. */
export const githubTypes: readonly CatalogEntry[] = [...githubWork, ...githubOperations].flatMap(
  ([event, group, document, actions]) =>
    typeof actions === 'string'
      ? [entry({ type: event, group, description: actions, sample: { ...document, sender: user } })]
      : Object.entries(actions).map(([action, description]) =>
          entry({
            type: `${event}.${action}`,
            group,
            description,
            sample: { action: action === '*' ? 'on-demand-test' : action, ...document, sender: user },
          }),
        ),
);
