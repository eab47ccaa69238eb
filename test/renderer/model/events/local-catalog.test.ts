import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LocalType } from '../../../../shared/contract/catalog.ts';
import { eventually } from '../../../support/eventually.ts';

type Told = (value: { items: LocalType[] }) => void;
const far = vi.hoisted(() => ({
  call: vi.fn<(name: string, input: unknown) => Promise<unknown>>(),
  push: new Map<string, Told>(),
  gap: new Set<() => void>(),
}));
vi.mock('../../../../renderer/client/index.ts', () => ({
  call: far.call,
  onPush: (name: string, told: Told) => {
    far.push.set(name, told);
    return () => far.push.delete(name);
  },
  onGap: (told: () => void) => {
    far.gap.add(told);
    return () => far.gap.delete(told);
  },
  toAppError: (error: unknown) => error,
}));
const { addLocalType, followLocalCatalog, noLocalTypes, removeLocalType, useLocalCatalog } = await import(
  '../../../../renderer/model/events/local-catalog.ts'
);
const { labelOf, typeOptions, typeTitle } = await import('../../../../renderer/model/events/event-catalog.ts');

const local = (type: string, description: string, system = 'flatfile'): LocalType => ({
  system,
  type,
  description,
  addedAt: '2026-03-01T10:00:00.000Z',
});
const dances = local('job:dances', 'A job dances');
const types = () => useLocalCatalog.getState().types;
const shown = () => [...types().values()].map(({ type }) => type);

beforeEach(() => {
  useLocalCatalog.setState({ types: noLocalTypes, error: null });
  far.call.mockReset();
});

describe('the local catalog', () => {
  it('is fetched, follows the pushes, is fetched again after a loss, and stops', async () => {
    far.call.mockResolvedValue({ items: [dances] });
    const stop = followLocalCatalog();
    await eventually(() => expect(shown()).toEqual(['job:dances']));
    far.push.get('catalog.changed')?.({ items: [dances, local('job:sings', 'A job sings')] });
    expect(shown()).toEqual(['job:dances', 'job:sings']);
    for (const lost of far.gap) lost();
    await eventually(() => expect(shown()).toEqual(['job:dances']));
    stop();
    expect([far.push.size, far.gap.size]).toEqual([0, 0]);
  });

  it('keeps what it had, with the reason, when it cannot be fetched', async () => {
    far.call.mockResolvedValueOnce({ items: [dances] });
    const stop = followLocalCatalog();
    await eventually(() => expect(shown()).toEqual(['job:dances']));
    const failure = new Error('unavailable');
    far.call.mockRejectedValueOnce(failure);
    for (const lost of far.gap) lost();
    await eventually(() => expect(useLocalCatalog.getState().error).toBe(failure));
    expect(shown()).toEqual(['job:dances']);
    stop();
  });

  it('describes a type from the moment it is added until it is removed', async () => {
    expect(labelOf('flatfile', 'job:dances', types())).toBe('unknown');
    far.call.mockResolvedValueOnce(dances);
    await addLocalType({ system: 'flatfile', type: 'job:dances', description: 'A job dances' });
    expect(labelOf('flatfile', 'job:dances', types())).toMatchObject({ description: 'A job dances', isLocal: true });
    expect(typeTitle('flatfile', 'job:dances', types())).toBe('job:dances\nA job dances');
    expect(labelOf('deck', 'job:dances', types())).toBe('unknown');
    far.call.mockResolvedValueOnce({ done: true });
    await removeLocalType(dances);
    expect(far.call).toHaveBeenLastCalledWith('catalog.remove', { system: 'flatfile', type: 'job:dances' });
    expect(labelOf('flatfile', 'job:dances', types())).toBe('unknown');
  });

  it('changes nothing when the far side refuses', async () => {
    far.call.mockRejectedValueOnce(new Error('unavailable'));
    await expect(addLocalType(dances)).rejects.toThrow('unavailable');
    expect(shown()).toEqual([]);
  });

  it('is part of the types to choose from, each once', async () => {
    for (const one of [dances, local('job:ready', 'Ours'), local('job:sings', 'Sings'), local('x', 'X', 'deck')]) {
      far.call.mockResolvedValueOnce(one);
      await addLocalType(one);
    }
    const groups = typeOptions('flatfile', ['job:dances'], types());
    expect(groups.slice(0, 2)).toEqual([
      { group: 'Seen here', items: [{ type: 'job:dances', description: 'A job dances' }] },
      { group: 'Local catalog', items: [{ type: 'job:sings', description: 'Sings' }] },
    ]);
    const ready = groups.flatMap(({ items }) => items).filter(({ type }) => type === 'job:ready');
    expect(ready).toEqual([{ type: 'job:ready', description: 'Ours' }]);
  });
});
