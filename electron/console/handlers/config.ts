import type { Caller, Handlers, Input, Output } from '../../../shared/contract/index.ts';
import type { Saver } from '../../store/definitions/jobs.ts';

export type ConfigHandlers = Pick<Handlers, Extract<keyof Handlers, `config.${string}`>>;

/** What parses the text of a config file and compares or applies it. */
export interface ConfigPorts {
  diffConfig(input: Input<'config.diff'>): Promise<Output<'config.diff'>>;
  applyConfig(input: Input<'config.apply'>, by: Saver): Promise<Output<'config.apply'>>;
}

export const createConfigHandlers = (ports: ConfigPorts, saverOf: (caller: Caller) => Saver): ConfigHandlers => ({
  'config.diff': (input) => ports.diffConfig(input),
  'config.apply': (input, caller) => ports.applyConfig(input, saverOf(caller)),
});
