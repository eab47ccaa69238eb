import { basename, isAbsolute } from 'node:path';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Input } from '../../../shared/contract/index.ts';
import type { ConfigPorts } from '../../console/handlers/config.ts';
import type { ConfigDefinitions, Definitions } from '../../definitions/definition-types.ts';
import { ConfigError, type ConfigPresets } from './config-format.ts';
import { createConfigParser } from './parse-config-text.ts';

export interface GivenConfigDeps {
  definitions: Pick<Definitions, 'applyConfig' | 'diffConfig'>;
  presets: ConfigPresets;
  workerFile: string;
  /** The config file that this server follows; null: none. */
  followed: string | null;
}

/** Compares and applies the text of a config file that a caller has, such as the command `signalbox config`. */
export function createGivenConfig(deps: GivenConfigDeps): ConfigPorts & { stop(): void } {
  const { definitions, presets, followed } = deps;
  const parser = createConfigParser(deps.workerFile);

  async function withParsed<T>(
    { yaml, file }: Input<'config.diff'>,
    act: (declared: ConfigDefinitions) => T | Promise<T>,
  ): Promise<T> {
    if (!isAbsolute(file)) {
      throw new AppError('invalid_input', `The file ${file} must be an absolute path on the machine of the server.`);
    }
    try {
      const { definitions: declared, toError } = await parser.parse(yaml, file, presets);
      try {
        return await act(declared);
      } catch (error) {
        if (error instanceof AppError && error.details !== undefined) throw await toError(error.details);
        throw error;
      }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const details = error.problems.map((message) => ({ path: [], message }));
      throw new AppError('invalid_config', `${basename(file)} cannot be applied.`, details);
    }
  }

  return {
    diffConfig: (input) => withParsed(input, (declared) => ({ changes: definitions.diffConfig(declared) })),
    async applyConfig(input, savedBy) {
      if (followed !== null) {
        throw new AppError('conflict', `This server follows the config file ${followed}. Change that file instead.`);
      }
      return withParsed(input, async (declared) => {
        const { changes } = await definitions.applyConfig({ ...declared, savedBy });
        return { changes };
      });
    },
    stop: parser.stop,
  };
}
