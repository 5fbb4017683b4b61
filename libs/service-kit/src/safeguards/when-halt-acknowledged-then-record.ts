import type { HaltAcknowledgedV1Data } from '@acogida/contracts';
import { DomainError } from '@acogida/core';
import type { Policy } from '@acogida/event-log';
import { streamOfChain } from '@acogida/event-store';
import { holdLedgerProcedure } from '@acogida/safeguards';
import { policyTurn } from '../case-keys/key-turn.ts';
import { alarmOvertaken } from '../gate/own-halts.ts';
import type { NodeContext } from '../node-definition.ts';
import { dataOf } from '../received-data.ts';
import { caseOfOwnHold } from '../gate/cases-of-halts.ts';
import { tellWhoAnswers } from './case-links.ts';
import type { MonotonicClock } from './monotonic-clock.ts';

/**
 * Records what a gate answers to a halt: its warrant is void, and the hold protects once nothing else is out (S1); or the person had
 * left, which is reported as overtaken, with an alarm, however late it is heard (S3), until the gate takes that back. The gate is
 * told of other cases of the person that it may have (INV-02).
 *
 * @throws DomainError HALT.NOT_THE_GATE, HALT.NOT_ASKED: somebody speaks for another gate, or was not told to halt; the event is quarantined
 */
export function whenHaltAcknowledgedThenRecord(node: NodeContext, monotonic: MonotonicClock): Policy {
  const name = 'when-halt-acknowledged-then-record';
  return {
    name,
    on: 'HaltAcknowledged',
    async react(event, transaction) {
      const { agencyId: by, handler, clock } = node;
      const { caseId, correlationId, stream } = event.payload;
      const { holdId, authority, clearanceIds, outcome, departedAt } = dataOf<HaltAcknowledgedV1Data>(event);
      if (authority !== by) return;
      if (caseId === null) throw new DomainError('HALT.CASE_MISSING', 'invalid', 'a halt is about a case');
      // The gate answers for the case that it was about to let leave; the hold may be of another one of the person.
      const id = (await caseOfOwnHold(transaction, holdId)) ?? caseId.toLowerCase();
      const { events, state } = await handler.executeWithin(transaction, {
        ...{ procedure: holdLedgerProcedure, id },
        ...{ actor: `${by}.${name}`, correlationId, causation: { source: event.source, id: event.id } },
        command: {
          ...{ type: 'RecordHaltAcknowledgement', by, reading: monotonic.read(), now: clock.now() },
          ...{ gate: event.source, holdId: holdId.toLowerCase(), outcome },
          clearanceIds: clearanceIds.map((id) => id.toLowerCase()),
          departedAt: departedAt === null ? null : new Date(departedAt).toISOString(),
          word: { stream: streamOfChain(stream).stream, number: event.number },
        },
      });
      alarmOvertaken(node.raiseAlarm, event.source, events);
      await tellWhoAnswers(policyTurn(node, name, event, transaction), state, event.source);
    },
  };
}
