import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { HmacKey } from './hmac-key.ts';
import { openJwe, writeJwe } from './jwe-ecdh-es.ts';
import { Kek } from './kek.ts';
import { systemRandomness } from './randomness.ts';
import { SecretBytes } from './secret-bytes.ts';
import { makeCaseKeySet, SealingKey } from './sealing-key.ts';
import { openSpecSealing } from './testing/spec-sealing.ts';
import { makeX25519Pair, secretOf, x25519Pair, x25519PublicKey } from './x25519.ts';

const CASE = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
const CHANNEL = '3e5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e04';

/** Every way in which a log line or an error report may come to show a value. */
function shown(value: unknown): string {
  const error = value instanceof Error ? `${value.message}\n${value.stack ?? ''}` : '';
  return `${inspect(value, { depth: 20, showHidden: true, maxArrayLength: null })}\n${JSON.stringify(value)}\n${error}`;
}

function spellingsOf(bytes: Buffer): readonly string[] {
  const listed = [...bytes];
  return [
    ...(['hex', 'base64', 'base64url', 'latin1'] as const).map((encoding) => bytes.toString(encoding)),
    inspect(bytes).slice(8, -1),
    listed.join(','),
    listed.join(', '),
  ];
}

function expectHidden(text: string, secrets: readonly Buffer[]): void {
  for (const secret of secrets) for (const spelling of spellingsOf(secret)) expect(text).not.toContain(spelling);
}

describe('key bytes', () => {
  it('are shown by none of what carries them', async () => {
    const { intake, comar } = await openSpecSealing(['intake', 'comar']);
    const set = await intake.openEpoch(CASE);
    await comar.hold(set, 'intake', 'care');
    const pair = await comar.makeMemberPair(CASE);
    const channel = SealingKey.make(systemRandomness);
    await comar.openChannel(CHANNEL, 'intake', channel);
    const raw = new SecretBytes(Buffer.alloc(32, 0xc7));
    const hmacKey = new HmacKey(raw.expose());
    const carriers = [intake, comar, set, channel, pair, raw, hmacKey, new Kek(1, 1, raw), intake.ring.offerPairs()];
    const secrets = [
      ...Object.values(set.keys).map((key) => key.secret.expose()),
      ...[pair, comar.sealingPair, comar.offerPair, intake.sealingPair].map((one) => secretOf(one).expose()),
      channel.secret.expose(),
      channel.atRest.expose(),
      raw.expose(),
    ];
    for (const carrier of carriers) expectHidden(shown(carrier), secrets);
  });

  it('are wiped on request', () => {
    const secret = new SecretBytes(Buffer.alloc(32, 7));
    secret.wipe();
    expect(secret.expose()).toEqual(Buffer.alloc(32));
  });

  it('stand in no error, whatever is wrong with them', async () => {
    const bytes = Buffer.from(systemRandomness.bytes(33));
    const text = bytes.toString('base64url');
    const { intake, comar } = await openSpecSealing(['intake', 'comar']);
    const jwe = writeJwe(
      makeX25519Pair(systemRandomness).publicKey,
      makeX25519Pair(systemRandomness),
      {
        sender: 'a',
        receiver: 'b',
      },
      text,
    );
    const [key, other] = [SealingKey.make(systemRandomness), SealingKey.make(systemRandomness)];
    const attempts: readonly (() => unknown)[] = [
      () => new SealingKey(bytes),
      () => SealingKey.received(text),
      () => SealingKey.received(key.handOver(), other.keyId),
      () => x25519Pair(bytes),
      () => x25519PublicKey(text),
      () => openJwe(text, [], { sender: 'a', receiver: 'b' }),
      () => openJwe(jwe, [], { sender: 'b', receiver: 'a' }),
      () => intake.publish(CASE, CASE, 'care', text),
      () => comar.ring.usePeer('intake', { sealing: [{ keyId: 'k', x: text }], offer: null }),
    ];
    for (const attempt of attempts) {
      const error = thrownBy(attempt);
      expect(error).toBeInstanceOf(Error);
      expectHidden(shown(error), [bytes, key.secret.expose()]);
    }
  });

  it('of a case are wrapped before a store sees them', async () => {
    const { intake } = await openSpecSealing(['intake']);
    const set = makeCaseKeySet(CASE, 1, systemRandomness);
    const written: unknown[] = [];
    const writer = {
      undo: () => {},
      query: async (...values: unknown[]) => written.push(values),
    };
    await intake.store.insertSet(writer, set, '2026-11-22T09:00:00.000Z');
    const rows = await intake.rows.inTransaction((transaction) =>
      intake.rows.find(transaction, 'own_epoch', 'caseId', [CASE]),
    );
    expect(rows).toHaveLength(1);
    const secrets = Object.values(set.keys).map((key) => key.secret.expose());
    expectHidden(shown([rows, written]), secrets);
  });
});

function thrownBy(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  return undefined;
}
