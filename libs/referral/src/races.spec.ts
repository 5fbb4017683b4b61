import { describe, expect, it } from '@jest/globals';
import { DomainError, fold } from '@acogida/core';
import * as fc from 'fast-check';
import type { ReferralCommand } from './commands.ts';
import { custodyDecider, type CustodyState } from './custody.ts';
import { deadlinesOf } from './deadlines.ts';
import { commandHeard, type HeardEvent } from './heard.ts';
import { MERGE_TABLE } from './merge-table.ts';
import { referralDecider } from './procedure.ts';
import { publishReferral } from './publish.ts';
import type { Referral, ReferralEvent } from './referral.ts';
import * as example from './referral-examples.ts';

const SENDER = example.REQUEST.sender;
const RECEIVER = example.REQUEST.receiver;
const TRANSFER = { transfer: true };

/** One side of a referral: its stream, and what it has published for the other to hear. */
class Node {
  state: Referral;
  readonly said: HeardEvent[] = [];

  constructor(opening: 'ReferralRequested' | 'ReferralReceived') {
    this.state = fold(referralDecider, example.history(example.step(opening, TRANSFER))) as Referral;
  }

  /** False when it is refused. */
  does(command: ReferralCommand): boolean {
    try {
      for (const event of referralDecider.decide(command, this.state)) this.#append(event);
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      expect(error.code).not.toBe('REFERRAL.CONTRADICTION');
      return false;
    }
  }

  #append(event: ReferralEvent): void {
    this.state = referralDecider.evolve(this.state, event) as Referral;
    // Both copies are heard: whoever is in the other side's circle reads them both.
    this.said.push(...(publishReferral(event, this.state) as readonly HeardEvent[]));
  }

  hears(other: Node, event: HeardEvent): void {
    const { side, request } = other.state;
    expect(this.does(commandHeard(event, side === 'SENDER' ? request.sender : request.receiver))).toBe(true);
  }

  hearsAll(other: Node): void {
    for (const event of other.said) this.hears(other, event);
  }
}

/** What both sides must agree on in the end. */
function agreed({ requestStatus, fulfilment, status, senderTask, hold, information, custodyTerm, ...rest }: Referral) {
  const { rejection, result, failure, cancellation, entryError, closure, escalation, times } = rest;
  return {
    ...{ requestStatus, fulfilment, status, senderTask, hold, information, custodyTerm },
    ...{ rejection, result, failure, cancellation, entryError, closure, escalation, endedAt: times.endedAt },
  };
}

function pair(): { readonly sender: Node; readonly receiver: Node } {
  return { sender: new Node('ReferralRequested'), receiver: new Node('ReferralReceived') };
}

const now = example.SAID_AT;
const ACKNOWLEDGE = { type: 'AcknowledgeReferral', by: RECEIVER, now } as const;
const ACCEPT = { type: 'AcceptReferral', by: RECEIVER, now } as const;
const CANCEL = { type: 'CancelReferral', by: SENDER, now, reason: 'NO_LONGER_NEEDED' } as const;
const RELEASE = { type: 'ReleaseCustody', by: SENDER, now, term: 2 } as const;

describe('a cancellation that races an acceptance', () => {
  it('decided first, it wins: no custody moves, and the receiver ends what it began', () => {
    const { sender, receiver } = pair();
    receiver.does(ACKNOWLEDGE);
    receiver.does(ACCEPT);
    expect(sender.does(CANCEL)).toBe(true);
    sender.hearsAll(receiver);
    receiver.hearsAll(sender);
    for (const { state } of [sender, receiver]) {
      expect(agreed(state)).toMatchObject({ requestStatus: 'CANCELLED', fulfilment: 'ACCEPTED', custodyTerm: null });
      expect(deadlinesOf(state)).toMatchObject([{ kind: 'COMPENSATE', of: 'RECEIVER' }]);
    }
    expect(sender.does(RELEASE)).toBe(false);
    expect(receiver.does({ type: 'StartService', by: RECEIVER, now })).toBe(false);
    expect(receiver.does({ type: 'CompensateCancellation', by: RECEIVER, now })).toBe(true);
    sender.hearsAll(receiver);
    expect(agreed(sender.state)).toMatchObject({ fulfilment: 'FAILED', failure: 'CANCELLED_BY_SENDER' });
    expect(agreed(sender.state)).toEqual(agreed(receiver.state));
    expect(deadlinesOf(sender.state)).toEqual([]);
  });

  it('decided after the acceptance was seen and custody released, it loses', () => {
    const { sender, receiver } = pair();
    receiver.does(ACKNOWLEDGE);
    receiver.does(ACCEPT);
    sender.hearsAll(receiver);
    expect(sender.does(RELEASE)).toBe(true);
    expect(sender.does(CANCEL)).toBe(false);
    receiver.hearsAll(sender);
    expect(agreed(receiver.state)).toMatchObject({ requestStatus: 'REQUESTED', custodyTerm: 2 });
    expect(receiver.does({ type: 'CompensateCancellation', by: RECEIVER, now })).toBe(false);
    expect(receiver.does({ type: 'StartService', by: RECEIVER, now })).toBe(true);
    sender.hearsAll(receiver);
    expect(agreed(sender.state)).toEqual(agreed(receiver.state));
  });

  it('heard before the acceptance, it forbids it', () => {
    const { sender, receiver } = pair();
    receiver.does(ACKNOWLEDGE);
    sender.does(CANCEL);
    receiver.hearsAll(sender);
    expect(receiver.does(ACCEPT)).toBe(false);
    sender.hearsAll(receiver);
    expect(agreed(sender.state)).toEqual(agreed(receiver.state));
    expect(agreed(sender.state)).toMatchObject({ status: 'CANCELLED', fulfilment: 'ACKNOWLEDGED' });
  });

  it('custody comes to nobody who did not accept it, whatever is said', () => {
    const { receiver } = pair();
    const released = { type: 'NoteCustodyRelease', by: SENDER, at: now, term: 2, to: RECEIVER } as const;
    receiver.does(ACKNOWLEDGE);
    expect(() => referralDecider.decide(released, receiver.state)).toThrow('no transfer was accepted');
    receiver.does(ACCEPT);
    expect(referralDecider.decide(released, receiver.state)).toMatchObject([{ type: 'CustodyReleaseNoted' }]);
  });

  it('what was completed stays completed', () => {
    const { sender, receiver } = pair();
    receiver.does(ACKNOWLEDGE);
    receiver.does(ACCEPT);
    sender.does(CANCEL);
    receiver.does({ type: 'CompleteReferral', by: RECEIVER, now, result: 'SERVICE_PROVIDED' });
    sender.hearsAll(receiver);
    receiver.hearsAll(sender);
    expect(agreed(sender.state)).toEqual(agreed(receiver.state));
    expect(agreed(sender.state)).toMatchObject({ status: 'COMPLETED', cancellation: 'NO_LONGER_NEEDED' });
    expect(MERGE_TABLE.CANCELLED.COMPLETED.business).toBe('COMPLETED_ALTHOUGH_CANCELLED');
  });
});

describe('two transfers of one case', () => {
  it('the first release leaves nothing to the second, which is cancelled as superseded', () => {
    const [one, other] = [pair(), pair()];
    let custody: CustodyState = null;
    const record = (command: Parameters<typeof custodyDecider.decide>[0]): void => {
      custody = fold(custodyDecider, custodyDecider.decide(command, custody), custody);
    };
    record({ type: 'OpenCustody', by: SENDER, now, caseId: example.REQUEST.caseId });
    for (const { sender, receiver } of [one, other]) {
      receiver.does(ACKNOWLEDGE);
      receiver.does(ACCEPT);
      sender.hearsAll(receiver);
    }
    const release = {
      type: 'RecordRelease',
      ...{ caseId: example.REQUEST.caseId, referralId: example.REQUEST.referralId },
      ...{ term: 2, from: SENDER, number: null, at: now },
    } as const;
    expect(one.sender.does(RELEASE)).toBe(true);
    record({ ...release, to: RECEIVER });
    expect(() => custodyDecider.decide({ ...release, to: 'mx-comar' }, custody)).toThrow(DomainError);
    expect(other.sender.does({ ...CANCEL, reason: 'SUPERSEDED' })).toBe(true);
    expect(custody).toMatchObject({ term: 2, holder: RECEIVER });
  });
});

/** Every step of each side, at four times of the clock: before, at and after what is due. */
const TIMES = [
  '2026-11-22T10:00:00.000Z',
  '2026-11-23T09:00:00.000Z',
  '2026-11-24T09:00:00.000Z',
  '2026-12-24T09:00:00.000Z',
];
const NEXT = '0b1a5c80-3c41-4a58-9b75-6b1f4e0b9c77';
type Unsaid<C> = C extends { readonly by: string; readonly now: string } ? Omit<C, 'by' | 'now'> : never;
const OF_SENDER: readonly Unsaid<ReferralCommand>[] = [
  { type: 'CancelReferral', reason: 'PERSON_DECLINED' },
  { type: 'MarkReferralInError', reason: 'WRONG_RECEIVER' },
  { type: 'ProvideInformation', information: ['HEALTH'], attachments: [] },
  { type: 'EscalateReferral' },
  { type: 'ExpireReferral' },
  { type: 'CloseLoop', outcome: 'REFERRED_ELSEWHERE', nextReferralId: NEXT },
  { type: 'ReleaseCustody', term: 2 },
];
const OF_RECEIVER: readonly Unsaid<ReferralCommand>[] = [
  { type: 'AcknowledgeReferral' },
  { type: 'PutReferralOnHold', reason: 'INFORMATION_REQUESTED', information: ['HEALTH'], expectedBy: null },
  { type: 'PutReferralOnHold', reason: 'WAITLIST', information: [], expectedBy: null },
  { type: 'ResumeReferral' },
  { type: 'AcceptReferral' },
  { type: 'RejectReferral', reason: 'NO_CAPACITY', alternativeAgency: null },
  { type: 'StartService' },
  { type: 'CompleteReferral', result: 'PARTLY_PROVIDED' },
  { type: 'FailReferral', reason: 'UNREACHABLE' },
  { type: 'CompensateCancellation' },
];

type Move =
  | { readonly kind: 'do'; readonly side: 'sender' | 'receiver'; readonly command: Unsaid<ReferralCommand> }
  | { readonly kind: 'hear'; readonly side: 'sender' | 'receiver'; readonly which: number };

const moves = fc.array(
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc.constantFrom(...OF_SENDER).map((command): Move => ({ kind: 'do', side: 'sender', command })),
    },
    {
      weight: 4,
      arbitrary: fc.constantFrom(...OF_RECEIVER).map((command): Move => ({ kind: 'do', side: 'receiver', command })),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('hear' as const),
        side: fc.constantFrom('sender' as const, 'receiver' as const),
        which: fc.nat(9),
      }),
    },
  ),
  { maxLength: 30 },
);

describe('both sides', () => {
  it('INV-19 agree once all was heard, in any order and again and again, and somebody is due unless it is settled', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(moves, fc.infiniteStream(fc.nat()), (path, chance) => {
        const { sender, receiver } = pair();
        path.forEach((move, index) => {
          const [self, other] = move.side === 'sender' ? [sender, receiver] : [receiver, sender];
          if (move.kind === 'hear') {
            const event = other.said[move.which];
            if (event !== undefined) self.hears(other, event);
            return;
          }
          const at = TIMES[Math.floor((index * TIMES.length) / path.length)] as string;
          const by = move.side === 'sender' ? SENDER : RECEIVER;
          self.does({ ...move.command, by, now: at });
        });
        for (const [self, other] of [
          [sender, receiver],
          [receiver, sender],
        ] as const) {
          const order = other.said.map((event) => ({ event, rank: chance.next().value as number }));
          for (const { event } of order.sort((a, b) => a.rank - b.rank)) self.hears(other, event);
          self.hearsAll(other); // every one of them once more
        }
        expect(agreed(sender.state)).toEqual(agreed(receiver.state));
        const { requestStatus, fulfilment } = sender.state;
        reached.add(`${requestStatus} ${fulfilment}`);
        const isSettled = MERGE_TABLE[requestStatus][fulfilment].due === null;
        expect([deadlinesOf(sender.state).length, deadlinesOf(receiver.state).length]).toEqual(
          isSettled ? [0, 0] : [1, 1],
        );
      }),
      { numRuns: 5_000 },
    );
    expect(reached.size).toBeGreaterThan(15); // of 40 pairs without a draft
  });
});
