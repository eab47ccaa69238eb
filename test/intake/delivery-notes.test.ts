import { describe, expect, it } from 'vitest';
import { eventHandlers } from '../../electron/console/handlers/events.ts';
import { addNotes } from '../../electron/intake/delivery-notes.ts';
import type { DeliveryDraft } from '../../electron/intake/intake-types.ts';
import { statement } from '../../electron/store/database/statements.ts';
import { getDelivery } from '../../electron/store/events/deliveries.ts';
import { appCaller } from '../../shared/contract/access/caller.ts';
import { eventually } from '../support/eventually.ts';
import { delivery, draft, tempIntake, tempStore } from '../support/temp-store.ts';

const note = { code: 'odd_charset', message: 'The body was read as windows-1252.' };

describe('notes on a delivery', () => {
  it('are stored with it and come with its events, scheduled ones too', async () => {
    const store = tempStore();
    const { intake, clock } = tempIntake(store);
    const input = delivery([draft({ type: 'a' }), draft({ type: 'b', dueAtMs: clock.nowMs + 60_000 })]);
    addNotes(input.delivery, [note]);
    const { deliveryId } = await intake.accept(input);
    expect(getDelivery(store.reading, deliveryId)?.notes).toEqual([note]);
    expect(statement(store.reading, 'SELECT notes FROM deliveries').all()).toEqual([{ notes: JSON.stringify([note]) }]);
    expect(statement(store.reading, 'SELECT delivery_seq FROM scheduled_events').all()).toEqual([{ delivery_seq: 1 }]);
  });

  it('are part of events.get', async () => {
    const store = tempStore();
    const { intake, replayDeps } = tempIntake(store);
    const input = delivery([draft({ type: 'a' })]);
    addNotes(input.delivery, [note]);
    const { eventIds } = await intake.accept(input);
    const unused = (): never => {
      throw new Error('not part of this test');
    };
    const handlers = eventHandlers({
      ...replayDeps,
      reader: { read: unused, close: unused },
      bulkReplays: { start: unused, list: unused, cancel: unused, stop: unused },
    });
    const detail = await handlers['events.get']({ id: eventIds[0] ?? '' }, appCaller);
    expect(detail.delivery?.notes).toEqual([note]);
  });

  it('are kept with a refused delivery', async () => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    const input = delivery([]);
    addNotes(input.delivery, [note]);
    const id = intake.refuse({ delivery: input.delivery, status: 422, code: 'unreadable_body', message: 'no' });
    const found = await eventually(() => {
      const stored = getDelivery(store.reading, id);
      if (stored === null) throw new Error('not stored yet');
      return stored;
    });
    expect(found.notes).toEqual([note]);
  });

  it('leave nothing behind where there are none', async () => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    const { deliveryId } = await intake.accept(delivery([draft({ type: 'a' })]));
    expect(getDelivery(store.reading, deliveryId)?.notes).toEqual([]);
    expect(statement(store.reading, 'SELECT notes FROM deliveries').all()).toEqual([{ notes: null }]);
  });

  it('are bounded in number and length, and said once', () => {
    const target: DeliveryDraft = delivery([]).delivery;
    addNotes(target, [note, note]);
    addNotes(target, [note, { code: 'long', message: 'x'.repeat(10_000) }]);
    expect(target.notes).toHaveLength(2);
    expect(target.notes?.[1]?.message).toHaveLength(500);
    addNotes(
      target,
      Array.from({ length: 1000 }, (_, n) => ({ code: 'many', message: String(n) })),
    );
    expect(target.notes).toHaveLength(20);
  });
});
