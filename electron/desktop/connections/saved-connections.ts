import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { connectionColors } from '../../../shared/contract/desktop.ts';
import { errorCode } from '../../../shared/error-code.ts';
import type { SecretBox } from '../../runtime/runtime-types.ts';
import { type Credential, credentialSchema } from './credential.ts';

const savedSchema = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string(),
  color: z.enum(connectionColors),
  fingerprint: z.string().nullable(),
  notify: z.boolean(),
  /** Base64 of what the keychain encrypted; null: kept nowhere. */
  sealedCredential: z.string().nullable(),
});
const fileSchema = z.object({ connections: z.array(savedSchema), current: z.string().nullable() });
type Saved = z.infer<typeof savedSchema>;
export type SavedConnection = Omit<Saved, 'sealedCredential'>;

export interface SavedConnections {
  list(): readonly SavedConnection[];
  get(id: string): SavedConnection | null;
  /** Id of the one on show; null: this computer. */
  current(): string | null;
  setCurrent(id: string | null): void;
  add(connection: Omit<SavedConnection, 'id'>, credential: Credential): string;
  change(id: string, part: Partial<Pick<SavedConnection, 'name' | 'color' | 'notify'>>): void;
  remove(id: string): void;
  credential(id: string): Credential | null;
  /** Whether there is one, which is not read for it. */
  hasCredential(id: string): boolean;
  setCredential(id: string, credential: Credential): void;
}

export interface SavedConnectionsDeps {
  file: string;
  /** Absent where the system has no keychain: sign-ins are then kept until the app ends, and nowhere on the disk. */
  secretBox(): SecretBox | undefined;
  log: Logger;
}

/** Servers that the window was connected to, in `connections.json` of the data directory, with sign-ins sealed by the keychain. */
export function openSavedConnections({ file, secretBox, log }: SavedConnectionsDeps): SavedConnections {
  let { connections, current } = read();
  const credentials = new Map<string, Credential>();

  function read(): z.infer<typeof fileSchema> {
    try {
      return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') log.warn({ err: error, file }, 'the saved connections cannot be read');
      return { connections: [], current: null };
    }
  }

  function save(): void {
    const text = `${JSON.stringify({ connections, current }, null, 2)}\n`;
    writeFileAtomic(file, text, { mode: 0o600 }).catch((error: unknown) =>
      log.warn({ err: error, file }, 'the connections could not be saved'),
    );
  }

  const seal = (credential: Credential): string | null =>
    secretBox()?.encrypt(JSON.stringify(credential)).toString('base64') ?? null;

  /** The keychain is asked when one is needed, not at every start. */
  function unseal(id: string): Credential | null {
    const found = connections.find((one) => one.id === id);
    const box = secretBox();
    if (found === undefined || found.sealedCredential === null || box === undefined) return null;
    try {
      const text = box.decrypt(Buffer.from(found.sealedCredential, 'base64'));
      const credential = credentialSchema.parse(JSON.parse(text));
      credentials.set(id, credential);
      return credential;
    } catch (error) {
      // Another keychain: it is signed in to again.
      log.warn({ err: error, connection: found.name }, 'the sign-in of a connection cannot be read');
      connections = connections.map((one) => (one.id === id ? { ...one, sealedCredential: null } : one));
      return null;
    }
  }
  if (connections.every(({ id }) => id !== current)) current = null;

  return {
    list: () => connections,
    get: (id) => connections.find((one) => one.id === id) ?? null,
    current: () => current,
    setCurrent(id) {
      current = id;
      save();
    },
    add(connection, credential) {
      const id = randomUUID();
      connections = [...connections, { ...connection, id, sealedCredential: seal(credential) }];
      credentials.set(id, credential);
      save();
      return id;
    },
    change(id, part) {
      connections = connections.map((one) => (one.id === id ? { ...one, ...part } : one));
      save();
    },
    remove(id) {
      connections = connections.filter((one) => one.id !== id);
      credentials.delete(id);
      if (current === id) current = null;
      save();
    },
    credential: (id) => credentials.get(id) ?? unseal(id),
    hasCredential: (id) =>
      credentials.has(id) || connections.some((one) => one.id === id && one.sealedCredential !== null),
    setCredential(id, credential) {
      credentials.set(id, credential);
      const sealedCredential = seal(credential);
      connections = connections.map((one) => (one.id === id ? { ...one, sealedCredential } : one));
      save();
    },
  };
}
