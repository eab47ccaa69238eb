import type { PresetInfo } from './contract/sources.ts';
import { parseExact } from './exact-json/parse-exact.ts';
import { stringifyExact } from './exact-json/stringify-exact.ts';
import type { SampleDelivery } from './vendors/catalog-types.ts';
import { sampleDelivery, standInDelivery } from './vendors/sample-delivery.ts';

/**
 * What the preset's sender would post for the type, under an id of its own, or the second test would count as a repeat
 * of the first. A type that only operators know gets the shape of the others.
 */
export function testDelivery(preset: Pick<PresetInfo, 'id' | 'sample'>, type: string, nowMs: number): SampleDelivery {
  const options = { id: `test-${nowMs.toString(36)}`, atMs: nowMs };
  const known = sampleDelivery(preset.id, type, options) ?? standInDelivery(preset.id, type, options);
  return known ?? { ...preset.sample, body: withType(preset.sample.body, type) };
}

/** For presets without a catalogue: a body of JSON with a type at its root gets this one. */
function withType(body: string, type: string): string {
  const value: unknown = parseExact(body);
  return typeof value === 'object' && value !== null && 'type' in value ? stringifyExact({ ...value, type }, 2) : body;
}
