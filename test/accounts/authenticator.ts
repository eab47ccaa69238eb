import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
const text = (value: Buffer | string): string => Buffer.from(value).toString('base64url');

/** CBOR of what an attestation needs: text, bytes, small whole numbers and maps. */
function cbor(value: Map<unknown, unknown> | string | Buffer | number): Buffer {
  const head = (major: number, length: number): Buffer => {
    if (length < 24) return Buffer.from([(major << 5) | length]);
    return length < 256
      ? Buffer.from([(major << 5) | 24, length])
      : Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
  };
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const parts = [...value].flat().map((one) => cbor(one as Parameters<typeof cbor>[0]));
  return Buffer.concat([head(5, value.size), ...parts]);
}

export interface Claims {
  origin: string;
  rpId: string;
  challenge: string;
  /** Whether the device says that it verified its user. */
  verified?: boolean;
}

/** An authenticator in software, which signs with ES256 and counts its signatures. */
export class Authenticator {
  readonly id = randomBytes(16);
  counter = 0;
  readonly #key: KeyObject;
  readonly #public: { x: Buffer; y: Buffer };
  userHandle = '';

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.#key = privateKey;
    this.#public = { x: Buffer.from(x, 'base64url'), y: Buffer.from(y, 'base64url') };
  }

  #data({ rpId, verified = true }: Claims, attested: Buffer | null): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const flags = Buffer.from([0x01 | (verified ? 0x04 : 0) | (attested === null ? 0 : 0x40)]);
    return Buffer.concat([sha256(rpId), flags, counter, attested ?? Buffer.alloc(0)]);
  }

  #credential(response: Record<string, unknown>) {
    const id = text(this.id);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }

  create(claims: Claims, userId: string) {
    this.userHandle = userId;
    const { x, y } = this.#public;
    const key = cbor(
      new Map<number, number | Buffer>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, x],
        [-3, y],
      ]),
    );
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, key]);
    const authData = this.#data(claims, attested);
    const attestation = cbor(
      new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]),
    );
    return this.#credential({
      clientDataJSON: text(clientData('webauthn.create', claims)),
      attestationObject: text(attestation),
      transports: ['internal', 'of-a-later-browser'],
    });
  }

  get(claims: Claims) {
    this.counter += 1;
    const authenticatorData = this.#data(claims, null);
    const client = clientData('webauthn.get', claims);
    const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(client)]), this.#key);
    return this.#credential({
      clientDataJSON: text(client),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: this.userHandle,
    });
  }
}

const clientData = (type: string, { challenge, origin }: Claims): Buffer =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
