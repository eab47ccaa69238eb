import { describe, expect, it } from 'vitest';
import {
  identityListener,
  installedListener,
  latestScopes,
} from '../../../../renderer/features/sources/model/identity-subscriptions.ts';
import { checkWhere, listenerInputOf } from '../../../../renderer/model/definitions/listener-draft.ts';

describe('listeners for the subscriptions of an identity system', () => {
  it('lack nothing but their job', () => {
    const input = listenerInputOf(identityListener('user-data', 'idp', 'prop-1'));
    expect(input).toMatchObject({
      source: 'idp',
      where: { all: [{ field: 'context.propertyId', op: 'eq', value: 'prop-1' }] },
      job: '',
    });
    expect(input.type).toContain('account/v1/userCreated');
    expect(input).not.toHaveProperty('mode');
    const enrich = identityListener('enrich', 'idp', 'client-1');
    expect(listenerInputOf(enrich)).toMatchObject({ mode: 'enrich', deadline: '3s', fallback: { action: 'allow' } });
    expect(checkWhere(enrich.where).errors.size).toBe(0);
  });

  it('are known once they are installed, also after one was deleted', () => {
    const made = { slug: 'idp-enrich-c-1', source: 'idp', state: 'deleted' } as const;
    const next = { ...made, slug: 'idp-enrich-c-1-2', state: 'active' } as const;
    expect(installedListener([made], 'enrich', 'idp', 'c-1')).toBeUndefined();
    expect(installedListener([made, next], 'enrich', 'idp', 'c-1')).toBe(next);
    expect(installedListener([next], 'enrich', 'idp', 'c-2')).toBeUndefined();
    expect(installedListener([next], 'user-data', 'idp', 'c-1')).toBeUndefined();
  });

  it('start with the ids of the latest event that names them', () => {
    expect(
      latestScopes([
        { context: null },
        { context: { clientId: 'c2' } },
        { context: { clientId: 'c1', propertyId: 'p1' } },
      ]),
    ).toEqual({ client: 'c2', property: 'p1' });
    expect(latestScopes([])).toEqual({});
  });
});
