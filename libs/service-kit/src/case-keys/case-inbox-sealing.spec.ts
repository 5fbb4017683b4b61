import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { KeysGrantedV1Data } from '@acogida/contracts';
import type { InboxSealing, ReceivedEvent } from '@acogida/event-log';
import {
  type CaseKeySet,
  DevelopmentOpener,
  DevelopmentSealer,
  MemoryKeyRows,
  type SealHeader,
} from '@acogida/sealing';
import { caseInboxSealing } from './case-inbox-sealing.ts';
import { AT, CASE, COMAR, CONATT, GRANT, OWN } from './testing/case-keys-examples.ts';
import { introduceNodes, KeyNode, type LoggedEvent } from './testing/key-node.ts';

const SECRET = Buffer.alloc(32, 7).toString('base64');

describe('opening what is received', () => {
  let sender: KeyNode;
  let reader: KeyNode;
  let set: CaseKeySet;
  let lookups: number;
  let inbox: InboxSealing;
  /** What happens between it is read whether a case was erased and it is told. */
  let onAnswer: () => Promise<void>;

  beforeEach(async () => {
    onAnswer = async () => {};
    sender = await KeyNode.open(CONATT, new MemoryKeyRows());
    reader = await KeyNode.open(OWN, new MemoryKeyRows());
    introduceNodes(sender, reader);
    set = await sender.openCase(CASE);
    lookups = 0;
    inbox = inboxOf();
  });

  const inboxOf = (development?: DevelopmentOpener): InboxSealing =>
    caseInboxSealing({
      ...{ agencyId: OWN, ring: reader.ring, database: {} as never },
      ...(development === undefined ? {} : { development }),
      store: {
        load: (_, wanted) => {
          lookups += 1;
          return reader.rows.inTransaction((transaction) => reader.store.load(transaction, wanted));
        },
        isErased: async (_, caseId) => {
          const answer = await reader.rows.inTransaction((transaction) => reader.store.isErased(transaction, caseId));
          await onAnswer();
          return answer;
        },
      },
    });

  const headerOf = (event: LoggedEvent): SealHeader => ({ ...event, keyId: event.keyId ?? '' });
  const kindOf = (event: LoggedEvent): string => inbox.read(headerOf(event), event.data).kind;

  function grantOf(keyed = set, caseId = CASE, payloadCase: string | null = CASE): ReceivedEvent {
    const { coded, care } = keyed.keys;
    const key = { subject: set.subject, audience: 'coded' as const, epoch: 1, keyId: coded.keyId };
    const data: KeysGrantedV1Data = {
      grantId: GRANT,
      cases: [
        {
          ...{ caseId, holder: CONATT, roster: [], chains: [] },
          keys: [
            { ...key, key: coded.handOver() },
            { ...key, audience: 'care', keyId: care.keyId, key: care.handOver() },
          ],
        },
      ],
    };
    const payload = { type: 'KeysGranted', caseId: payloadCase, data };
    return { id: randomUUID(), source: CONATT, time: AT, payload } as unknown as ReceivedEvent;
  }

  it('looks once for the keys of a page, and leaves sealed what is for others', async () => {
    const events = [sender.publishCase(CASE, 'coded'), sender.publishCase(CASE, 'care')];
    await inbox.prepare(events.map(headerOf));
    expect([lookups, ...events.map(kindOf)]).toEqual([1, 'sealed', 'sealed']);
  });

  it('opens what was granted and stored', async () => {
    const key = { kind: 'case' as const, source: CONATT, subject: set.subject, caseId: CASE, epoch: 1 };
    const kept = { ...key, audience: 'coded' as const, key: set.keys.coded, grantedBy: CONATT, receivedAt: AT };
    const event = sender.publishCase(CASE, 'coded');
    await inbox.prepare([headerOf(event)]);
    expect(kindOf(event)).toBe('sealed');
    await reader.rows.inTransaction((transaction) => reader.store.insert(transaction, [kept]));
    await inbox.prepare([headerOf(event)]);
    expect(kindOf(event)).toBe('opened');
    await inbox.prepare([headerOf(event)]);
    expect(lookups).toBe(2);
  });

  it('opens with the keys of a grant what follows it on the same page, and not what a later page brings', async () => {
    const [coded, restricted] = [sender.publishCase(CASE, 'coded'), sender.publishCase(CASE, 'restricted')];
    await inbox.prepare([coded, restricted].map(headerOf));
    await inbox.learn?.(grantOf());
    expect([coded, restricted].map(kindOf)).toEqual(['opened', 'sealed']);
    await inbox.prepare([{ ...headerOf(coded), source: COMAR }]);
    expect(kindOf(coded)).toBe('opened');
    await inbox.prepare([headerOf(coded)]); // not stored: its grant took no effect
    expect(kindOf(coded)).toBe('sealed');
  });

  it('learns nothing of a grant that does not hold, and forgets what an erasure dropped', async () => {
    const coded = sender.publishCase(CASE, 'coded');
    await inbox.learn?.(grantOf(set, GRANT, CASE));
    expect(kindOf(coded)).toBe('sealed');
    await inbox.learn?.(grantOf());
    reader.ring.drop({ caseIds: [CASE], keyIds: [], memberHints: [], channelIds: [], offerKeyIds: [] });
    expect(kindOf(coded)).toBe('sealed');
  });

  const erase = async (): Promise<void> => {
    const forgotten = await reader.rows.inTransaction((transaction) =>
      reader.store.forget(transaction, { caseIds: [CASE] }),
    );
    reader.ring.drop(forgotten);
  };

  it('learns nothing of a case that was erased here, before this process or while it is asked', async () => {
    const coded = sender.publishCase(CASE, 'coded');
    await reader.rows.inTransaction((transaction) => reader.store.forget(transaction, { caseIds: [CASE] }));
    await inbox.learn?.(grantOf());
    expect([kindOf(coded), reader.ring.isErased(CASE)]).toEqual(['sealed', true]);

    reader = await KeyNode.open(OWN, new MemoryKeyRows());
    introduceNodes(sender, reader);
    inbox = inboxOf();
    await inbox.learn?.(grantOf());
    expect(kindOf(coded)).toBe('opened');
    onAnswer = erase;
    await inbox.learn?.(grantOf());
    expect(kindOf(coded)).toBe('sealed');
  });

  it('hands back no key of a case that is known to be erased by now', async () => {
    const coded = sender.publishCase(CASE, 'coded');
    await inbox.learn?.(grantOf());
    reader.ring.noteErased([CASE]);
    expect(kindOf(coded)).toBe('sealed');
  });

  it('opens what was sealed before there were keys of cases', () => {
    const sealer = DevelopmentSealer.fromBase64(SECRET);
    const id = randomUUID();
    const { subject, keyId, data } = sealer.seal({ id, source: CONATT, class: 'case', caseId: CASE, text: '{}' });
    const event: LoggedEvent = { id, source: CONATT, class: 'case', subject, keyId, data };
    expect(kindOf(event)).toBe('sealed');
    inbox = inboxOf(new DevelopmentOpener(SECRET));
    expect(kindOf(event)).toBe('opened');
  });
});
