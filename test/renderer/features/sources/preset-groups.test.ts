import { expect, it } from 'vitest';
import { presets } from '../../../../electron/sources/presets.ts';
import { leadOf } from '../../../../renderer/features/sources/model/preset-groups.ts';

it('a card says in one sentence what its preset is for', () => {
  expect(leadOf('Events of a Stripe account. In Stripe: Workbench.')).toBe('Events of a Stripe account.');
  expect(leadOf('For CloudEvents 1.0 over HTTP, or in /listen.php. Takes both.')).toBe(
    'For CloudEvents 1.0 over HTTP, or in /listen.php.',
  );
  expect(leadOf('No end')).toBe('No end');
  for (const { info } of presets.values()) {
    const lead = leadOf(info.description);
    expect(lead.endsWith('.'), lead).toBe(true);
    // Two lines of a card.
    expect(lead.length, lead).toBeLessThanOrEqual(130);
  }
});
