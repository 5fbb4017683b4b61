import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import { copyTestDatabase, createTestDatabase, type TestDatabase } from '@acogida/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AtRestPlace } from './at-rest.ts';
import { isOfErasedCase } from './erased-case.migration.ts';
import { MasterKeyLostError } from './kek.ts';
import { type OwnEpochRow, KEY_TABLES, type KeyRows, type KeyTable } from './key-rows.ts';
import { sealingMigrations } from './key-schema.migration.ts';
import { FileKms } from './kms/file-kms.ts';
import type { Kms } from './kms/port.ts';
import { TransitKms } from './kms/transit-kms.ts';
import { MemoryKeyRows } from './memory-key-rows.ts';
import { memberKeyHint } from './pair-seal.ts';
import { PostgresKeyRows } from './postgres-key-rows.ts';
import { systemRandomness } from './randomness.ts';
import { SealingKey } from './sealing-key.ts';
import { introduce, openSpecSealing, openSpecStore, type SpecAgency, type SpecEvent } from './testing/spec-sealing.ts';
import { TransitServer } from './testing/transit-server.ts';
import { makeX25519Pair } from './x25519.ts';

const AT = '2026-11-22T09:00:00.000Z';
const ERASED = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
const KEPT = '1c5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e02';
const CHANNELS = { [ERASED]: '3e5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e04', [KEPT]: '4e5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e05' };

/** Storage and KMS of one node, and what takes a copy of the storage as a backup does. */
interface NodeParts {
  readonly rows: KeyRows;
  readonly kms: Kms;
  readonly backUp: () => Promise<KeyRows>;
}

/** All that there is of one case: what stands on the log for ever, and the texts in the node's tables. */
interface Traces {
  readonly log: readonly SpecEvent[];
  readonly texts: readonly { readonly place: AtRestPlace; readonly text: string; readonly sealedBy: string | null }[];
  readonly memberHint: string;
}

type Opened = Awaited<ReturnType<typeof openSpecStore>>;

let server: TransitServer;
let folder: string;
const databases: TestDatabase[] = [];

beforeAll(async () => {
  server = new TransitServer();
  folder = await mkdtemp(join(tmpdir(), 'erasure-'));
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
  for (const database of databases) await database.drop();
});

const rowsIn = (database: TestDatabase): KeyRows => {
  databases.push(database);
  return new PostgresKeyRows((work) => inTransaction(database.pool, work));
};

const NODES: readonly (readonly [string, () => Promise<NodeParts>])[] = [
  [
    'memory and a key file',
    async () => {
      const rows = new MemoryKeyRows();
      return {
        rows,
        kms: await FileKms.open(join(folder, 'key.json'), systemRandomness),
        backUp: async () => rows.copy(),
      };
    },
  ],
  [
    'PostgreSQL and a transit engine',
    async () => {
      const address = await server.start();
      server.createKey('intake');
      const database = await createTestDatabase(sealingMigrations);
      return {
        rows: rowsIn(database),
        kms: new TransitKms({ address, key: 'intake', token: () => server.token }),
        backUp: async () => rowsIn(await copyTestDatabase(database)),
      };
    },
  ],
];

describe.each(NODES)('erasing a case on %s', (_, makeNode) => {
  let node: NodeParts;
  let intake: SpecAgency;
  let comar: SpecAgency;
  let erased: Traces;
  let kept: Traces;
  let backup: KeyRows;

  beforeAll(async () => {
    node = await makeNode();
    ({ intake, comar } = await openSpecSealing(['intake', 'comar'], { intake: node }));
    erased = await workOn(ERASED, { intake, comar });
    // The offer of the other case comes to the next week's key.
    const pair = makeX25519Pair(systemRandomness);
    const offer = { keyId: 'intake-offers-2', pair, validFrom: '2026-11-29T09:00:00.000Z', validThrough: AT };
    await node.rows.inTransaction((transaction) => intake.store.insert(transaction, [{ kind: 'offer', ...offer }]));
    await node.rows.inTransaction((transaction) => intake.store.loadPairs(transaction));
    comar.ring.usePeer('intake', { sealing: [intake.sealingPair], offer: { keyId: offer.keyId, x: pair.x } });
    kept = await workOn(KEPT, { intake, comar });
    backup = await node.backUp();
    const before = await openAs(intake, comar, node);
    expect(await countOpened(before, node.rows, erased)).toBe(8);
    const what = { caseIds: [ERASED], channelIds: [CHANNELS[ERASED]], offerKeyIds: [intake.offerPair.keyId] };
    const forgotten = await node.rows.inTransaction((transaction) => intake.store.forget(transaction, what));
    intake.ring.drop(forgotten);
    await intake.store.renewMasterKey();
  });

  it('leaves the process that did it without a way to open anything of the case', async () => {
    expect(await countOpened(intake, node.rows, erased)).toBe(0);
    expect(await countOpened(intake, node.rows, kept)).toBe(8);
  });

  it('leaves every other case as it was, also after a restart', async () => {
    const again = await openAs(intake, comar, node);
    expect(await countOpened(again, node.rows, erased)).toBe(0);
    expect(await countOpened(again, node.rows, kept)).toBe(8);
  });

  it('leaves a copy of the rows from before closed, with the KMS, the log and the long-term keys of today', async () => {
    const parts = { rows: backup, kms: node.kms };
    await expect(openSpecStore('intake', parts)).rejects.toThrow(MasterKeyLostError);
    const restored = await openAs(intake, comar, { ...parts, whenLost: 'begin-anew' });
    expect(await countOpened(restored, backup, erased)).toBe(0);
    expect(await countOpened(restored, backup, kept)).toBe(0); // why a new backup is taken after an erasure
  });

  it('leaves rows of the copy closed that are put back beside those of today', async () => {
    const again = await openAs(intake, comar, node);
    const rowsOf = async (table: KeyTable) => {
      const rows = await backup.inTransaction((transaction) => backup.all(transaction, table));
      return rows.filter(({ generation }) => generation === 1);
    };
    const putBack = async (table: KeyTable): Promise<void> => {
      const old = await rowsOf(table);
      for (const row of old) {
        const put = node.rows.inTransaction((transaction) => node.rows.insert(transaction, { [table]: [row] }));
        await put.catch((error: unknown) => {
          if (!isOfErasedCase(error)) throw error; // own keys of an erased case do not even come in
        });
      }
    };
    const atOnce = { own_epoch: (await rowsOf('own_epoch')) as readonly OwnEpochRow[] };
    await expect(node.rows.inTransaction((transaction) => node.rows.insert(transaction, atOnce))).rejects.toThrow();
    const [oldest] = await backup.inTransaction((transaction) => backup.keks(transaction));
    await node.rows.inTransaction((transaction) => node.rows.addKek(transaction, oldest!));
    for (const table of KEY_TABLES) await putBack(table);
    for (const opened of [again, await openAs(intake, comar, node)]) {
      expect(await countOpened(opened, node.rows, erased)).toBe(0);
      expect(await countOpened(opened, node.rows, kept)).toBe(8);
    }
  });
});

/** Everything that the node has of itself today, on some rows: a restart, or a backup that was restored. */
async function openAs(
  intake: SpecAgency,
  comar: SpecAgency,
  parts: { readonly rows: KeyRows; readonly kms: Kms; readonly whenLost?: 'begin-anew' },
): Promise<Opened> {
  const opened = await openSpecStore('intake', parts);
  opened.ring.useSealingPairs([intake.sealingPair]);
  introduce(opened.ring, comar);
  return opened;
}

/** Events of both agencies on a case, to and from the node, and what the node keeps of it. */
async function workOn(
  caseId: typeof ERASED | typeof KEPT,
  agencies: { intake: SpecAgency; comar: SpecAgency },
): Promise<Traces> {
  const { intake, comar } = agencies;
  const channelId = CHANNELS[caseId];
  await intake.openEpoch(caseId);
  const foreign = await comar.openEpoch(caseId);
  await intake.hold(foreign, 'comar', 'care');
  const { x } = await intake.makeMemberPair(caseId);
  comar.ring.holdMemberKey(caseId, 'intake', x);
  const channel = SealingKey.make(systemRandomness);
  await intake.openChannel(channelId, 'comar', channel);
  await comar.openChannel(channelId, 'intake', SealingKey.received(channel.handOver()));
  const idOf = (index: number): string => `${caseId.slice(0, -1)}${index}`;
  const log = [
    intake.publish(idOf(1), caseId, 'coded', 'own coded'),
    intake.publish(idOf(2), caseId, 'restricted', 'own restricted'),
    comar.publish(idOf(3), caseId, 'care', 'granted'),
    comar.publish(idOf(4), caseId, { to: 'intake', under: 'offer-key' }, 'offer'),
    comar.publish(idOf(5), caseId, { to: 'intake', under: 'member-key' }, foreign.keys.care.handOver()),
    comar.publish(idOf(6), null, { to: 'intake', under: 'channel', channelId }, 'word'),
  ];
  const places: readonly AtRestPlace[] = [
    { use: 'event', id: idOf(1), stream: 'first-contact-1', version: 1, schemaVersion: 1, recordedAt: AT },
    { use: 'vault', caseId, field: 'NAME', version: 1 },
  ];
  const texts = places.map((place) => ({ place, ...intake.sealing.protect(caseId, place, 'kept text') }));
  return { log, texts, memberHint: memberKeyHint(x) };
}

/** How many of the traces open, after loading whatever the rows have for them. */
async function countOpened(
  { store, sealing }: Opened,
  rows: KeyRows,
  { log, texts, memberHint }: Traces,
): Promise<number> {
  const keyIds = [...log.map(({ header }) => header.keyId), ...texts.map(({ sealedBy }) => sealedBy ?? '')];
  const wanted = { keyIds, cases: [ERASED, KEPT], channels: Object.values(CHANNELS), memberHints: [memberHint] };
  await rows.inTransaction((transaction) => store.load(transaction, wanted));
  const events = log.filter(({ header, data }) => sealing.read(header, data).kind === 'opened');
  const revealed = texts.filter(({ place, text }) => {
    try {
      return sealing.reveal(place, text) === 'kept text';
    } catch {
      return false;
    }
  });
  return events.length + revealed.length;
}
