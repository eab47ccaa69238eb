import { STATUS_CODES } from 'node:http';
import { isAbsolute, join } from 'node:path';
import type { JobSpec } from '../../../shared/contract/jobs.ts';
import type { Pass, PassedValue } from '../../../shared/contract/passed-values.ts';
import { methods, type SourceSpec } from '../../../shared/contract/sources.ts';
import { conditionsOf } from './hook-conditions.ts';
import { fieldOf } from './hook-fields.ts';
import { proofOf, provesSender } from './hook-proof.ts';
import type { Hook, HookArgument, HookRules } from './hook-schema.ts';
import type { createHookSecrets } from './hook-secrets.ts';
import type { AddNote } from './import-notes.ts';

/** A hook in Signalbox's words. The definitions are checked when the file is. */
export interface ImportedHook {
  source: SourceSpec;
  job: JobSpec;
  listener: object;
}

type Secrets = ReturnType<typeof createHookSecrets>;

/** What the program says of itself in its answers, so that senders read the same. */
const said = {
  unmatched: 'Hook rules were not satisfied.',
  invalid: 'Error occurred while evaluating hook rules.',
  failed: "Error occurred while executing the hook's command. Please check your logs for more details.",
};

export function importHook(hook: Hook, slug: string, secrets: Secrets, note: AddNote): ImportedHook {
  const name = hook.id === slug ? {} : { name: hook.id };
  const parsed = parsedFields(hook, note);
  const jsonQuery = new Set(parsed.flatMap((field) => ('query' in field ? [field.query] : [])));
  const { proof, conditions } = splitRule(hook['trigger-rule'] ?? null);
  const isAnswering = hook['include-command-output-in-response'];
  const pass = passOf(hook, jsonQuery, note);
  const rule = proof === null ? null : proofOf(proof, { refOf: secrets.refOf, note });
  const where = conditions === null ? null : conditionsOf(conditions, { jsonQuery, note });
  const cwd = hook['command-working-directory'];
  const refersTo = (field: string): boolean => JSON.stringify({ pass, where }).includes(JSON.stringify(field));
  return {
    source: {
      slug,
      ...name,
      preset: 'adnanh-webhook',
      ...methodsOf(hook, note),
      event: {
        ...(hook['incoming-payload-content-type'] === '' ? {} : { contentType: hook['incoming-payload-content-type'] }),
        ...(parsed.length === 0 ? {} : { parseJson: parsed }),
        ...(refersTo('context.body') ? { keepBody: true } : {}),
        ...(refersTo('context.headers') ? { keepHeaders: true } : {}),
        answers: answersOf(hook, note),
      },
      ...(rule === null
        ? {}
        : {
            verify: {
              scheme: 'rule',
              rule: JSON.parse(JSON.stringify(rule)),
              ...(hook['trigger-signature-soft-failures'] ? { toleratesInvalid: true } : {}),
            },
          }),
    },
    job: {
      slug,
      ...name,
      kind: 'command',
      command: [commandOf(hook, note)],
      ...(cwd === '' ? {} : { cwd }),
      ...(Object.keys(pass).length === 0 ? {} : { pass }),
      ...(isAnswering ? { outcome: 'output' } : {}),
      // The program starts all at the same time and waits for them without end.
      concurrency: 16,
      timeout: '24h',
    },
    listener: {
      slug,
      ...name,
      source: slug,
      ...(where === null ? {} : { where }),
      job: slug,
      ...(isAnswering ? { mode: 'enrich', deadline: '60s', fallback: { exitCode: null, output: '' } } : {}),
    },
  };
}

/** What the source has to look at, and what the listener can. */
function splitRule(rules: HookRules | null): { proof: HookRules | null; conditions: HookRules | null } {
  if (rules === null) return { proof: null, conditions: null };
  if (!provesSender(rules)) return { proof: null, conditions: rules };
  if (rules.and == null) return { proof: rules, conditions: null };
  const proof = rules.and.filter(provesSender);
  const conditions = rules.and.filter((inner) => !provesSender(inner));
  const [only] = proof;
  return {
    proof: only !== undefined && proof.length === 1 ? only : { and: proof },
    conditions: conditions.length === 0 ? null : { and: conditions },
  };
}

function commandOf(hook: Hook, note: AddNote): string {
  const command = hook['execute-command'];
  const cwd = hook['command-working-directory'];
  if (/\s/.test(command)) {
    note(
      'execute-command',
      `"${command}" is taken for one program, as the program does too.`,
      'Move its arguments to "command" of the job if it has any.',
    );
  }
  // The program looks for it there, not on the PATH.
  if (cwd !== '' && !isAbsolute(command)) return join(cwd, command);
  if (!isAbsolute(command) && /[\\/]/.test(command)) {
    note(
      'execute-command',
      `${command} was looked for in the folder in which the program was started.`,
      'Write its full path into "command" of the job.',
    );
  }
  return command;
}

function parsedFields(hook: Hook, note: AddNote): ({ payload: string } | { query: string })[] {
  return hook['parse-parameters-as-json'].flatMap(({ source, name }): ({ payload: string } | { query: string })[] => {
    if (source === 'payload') return [{ payload: name }];
    if (source === 'url' || source === 'query') return [{ query: name }];
    note('parse-parameters-as-json', `JSON in "${source}" is not read.`, 'Read it in the command.');
    return [];
  });
}

function passOf(hook: Hook, jsonQuery: ReadonlySet<string>, note: AddNote): Pass {
  const passedOf = (what: string, argument: HookArgument): PassedValue | null => {
    if (argument.source === 'string') return { text: argument.name };
    const found = fieldOf(argument, jsonQuery);
    if (found.ok) return { field: found.field };
    note(what, `${argument.source} ${argument.name}: ${found.why}`, found.todo);
    return null;
  };
  const named = (what: 'pass-environment-to-command' | 'pass-file-to-command', usual: (name: string) => string) =>
    Object.fromEntries(
      hook[what].flatMap((argument): [string, PassedValue][] => {
        const variable = argument.envname === '' ? usual(argument.name) : argument.envname;
        const value = passedOf(what, argument);
        if (value === null) return [];
        if (/[=\s\0]/.test(variable) || /^SIGNALBOX_/i.test(variable)) {
          note(what, `"${variable}" cannot be the name of a variable.`, 'Give it another one.');
          return [];
        }
        return [[variable, argument.base64decode && 'field' in value ? { ...value, base64: true } : value]];
      }),
    );
  const args = hook['pass-arguments-to-command'].map(
    (argument) => passedOf('pass-arguments-to-command', argument) ?? { text: '' },
  );
  const env = named('pass-environment-to-command', (name) => `HOOK_${name}`);
  const files = named('pass-file-to-command', (name) => `HOOK_${name.toUpperCase()}`);
  return {
    ...(args.length === 0 ? {} : { arguments: args }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(Object.keys(files).length === 0 ? {} : { files }),
  };
}

function methodsOf(hook: Hook, note: AddNote): Pick<SourceSpec, 'methods'> {
  const wanted = hook['http-methods'].map((method) => method.trim().toUpperCase());
  if (wanted.length === 0) return {};
  const known = methods.filter((method) => wanted.includes(method));
  const others = wanted.filter((method) => !methods.some((one) => one === method));
  if (others.length > 0) {
    note('http-methods', `No source accepts ${others.join(', ')}.`, `Send with one of ${methods.join(', ')}.`);
  }
  return known.length === 0 ? { methods: ['POST'] } : { methods: known };
}

function answersOf(hook: Hook, note: AddNote): NonNullable<SourceSpec['event']>[string] {
  const statusOf = (what: 'success-http-response-code' | 'trigger-rule-mismatch-http-response-code'): number => {
    const status = hook[what];
    if (status === 0) return 200;
    if (status >= 200 && STATUS_CODES[status] !== undefined) return status;
    note(
      what,
      `${status} cannot be used as a response status; 200 is used, as by the program.`,
      'Correct it if you meant another.',
    );
    return 200;
  };
  const headers: Record<string, string> = {};
  for (const { name, value } of hook['response-headers']) {
    if (/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      headers[name.toLowerCase()] = value;
    else note('response-headers', `"${name}" cannot be sent.`, 'Correct the header.');
  }
  const hasRule = hook['trigger-rule'] != null;
  return {
    matched: {
      status: statusOf('success-http-response-code'),
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
      ...(hook['include-command-output-in-response'] ? {} : { body: hook['response-message'] }),
    },
    ...(hasRule
      ? {
          unmatched: { status: statusOf('trigger-rule-mismatch-http-response-code'), body: said.unmatched },
          invalid: { status: 500, body: said.invalid },
        }
      : {}),
    ...(hook['include-command-output-in-response']
      ? {
          failed: {
            status: 500,
            ...(hook['include-command-output-in-response-on-error'] ? {} : { body: said.failed }),
          },
        }
      : {}),
  };
}
