import { AppError } from '../../../shared/contract/errors.ts';
import { checkConfig, noDefinitions } from '../../definitions/config/plan-config.ts';
import { presets } from '../../sources/presets.ts';
import { createSourceRegistry } from '../../sources/source-registry.ts';
import { ConfigError, parseConfig } from './config-format.ts';

/** All that is wrong with a config file that is complete in itself, one line a problem; no server and no secret is needed. */
export function validateConfig(text: string, file: string): readonly string[] {
  const registry = createSourceRegistry({
    presets,
    readSecret: () => {
      throw new AppError('unavailable', 'no secret is read here');
    },
  });
  try {
    const { definitions, toError } = parseConfig(text, file, presets);
    try {
      checkConfig(definitions, noDefinitions, registry);
      return [];
    } catch (error) {
      if (error instanceof AppError && error.details !== undefined) throw toError(error.details);
      throw error;
    }
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
