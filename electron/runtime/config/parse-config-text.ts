import { Worker } from 'node:worker_threads';
import type { ErrorDetail } from '../../../shared/contract/errors.ts';
import type { ConfigDefinitions } from '../../definitions/definition-types.ts';
import { ConfigError, type ConfigPresets, parseConfig } from './config-format.ts';

export interface ConfigTask {
  text: string;
  file: string;
  presets: ConfigPresets;
  /** What showed only when the definitions were applied: asks for their places in the text. */
  details: readonly ErrorDetail[] | null;
}

export interface ParsedText {
  definitions: ConfigDefinitions;
  toError(details: readonly ErrorDetail[]): Promise<ConfigError>;
}

export interface ConfigParser {
  /** Throws ConfigError. */
  parse(text: string, file: string, presets: ConfigPresets): Promise<ParsedText>;
  /** Ends what is under way. */
  stop(): void;
}

/** YAML takes a second for 100 KB of small items, and longer the more mistakes there are: less than this is parsed here. */
const atOnceChars = 16 * 1024;
const maxMs = 120_000;

type Reply = { definitions: ConfigDefinitions } | { problems: string[] };

/** Parses a config file without holding up deliveries: a large one on a thread of its own, for two minutes at most. */
export function createConfigParser(workerFile: string | URL): ConfigParser {
  const working = new Set<Worker>();

  function ask(task: ConfigTask): Promise<Reply> {
    return new Promise<Reply>((resolve, reject) => {
      const worker = new Worker(workerFile, { workerData: task });
      working.add(worker);
      const timer = setTimeout(() => {
        reject(new ConfigError([`parsing it took longer than ${maxMs / 60_000} minutes; make it smaller`]));
        void worker.terminate();
      }, maxMs);
      worker.on('message', (reply: Reply) => resolve(reply));
      worker.on('error', reject);
      worker.on('exit', () => {
        clearTimeout(timer);
        working.delete(worker);
        reject(new ConfigError(['parsing it was interrupted']));
      });
    });
  }

  return {
    async parse(text, file, presets) {
      if (text.length <= atOnceChars) {
        const { definitions, toError } = parseConfig(text, file, presets);
        return { definitions, toError: async (details) => toError(details) };
      }
      const plain = new Map([...presets].map(([id, { info }]) => [id, { info: { fields: info.fields } }]));
      const task = { text, file, presets: plain };
      const reply = await ask({ ...task, details: null });
      if ('problems' in reply) throw new ConfigError(reply.problems);
      return {
        definitions: reply.definitions,
        async toError(details) {
          const placed = await ask({ ...task, details });
          return new ConfigError('problems' in placed ? placed.problems : []);
        },
      };
    },
    stop() {
      for (const worker of working) void worker.terminate();
    },
  };
}
