import type { HaltAcknowledgedV1Data } from '@acogida/contracts';
import { DomainError } from '@acogida/core';
import type { Policy } from '@acogida/event-log';
import { holdLedgerProcedure } from '@acogida/safeguards';
import { alarmOvertaken } from '../gate/own-halts.ts';
import type { NodeContext } from '../node-definition.ts';
import { dataOf } from '../received-data.ts';
import type { MonotonicClock } from './monotonic-clock.ts';

/**
 * Records what a gate answers to a halt: its warrant is void, and the hold protects once nothing else is out (S1); or the person had
 * left, which is reported as overtaken, with an alarm, however late it is heard (S3).
 *
 * @throws DomainError HALT.NOT_THE_GATE: somebody speaks for another gate, and the event is quarantined
 */
export function whenHaltAcknowledgedThenRecord(node: NodeContext, monotonic: MonotonicClock): Policy {
  const name = 'when-halt-acknowledged-then-record';
  return {
    name,
    on: 'HaltAcknowledged',
    async react(event, transaction) {
      const { agencyId: by, handler, clock } = node;
      const { caseId, correlationId } = event.payload;
      const { holdId, authority, clearanceIds, outcome, departedAt } = dataOf<HaltAcknowledgedV1Data>(event);
      if (authority !== by) return;
      if (caseId === null) throw new DomainError('HALT.CASE_MISSING', 'invalid', 'a halt is about a case');
      const { events } = await handler.executeWithin(transaction, {
        ...{ procedure: holdLedgerProcedure, id: caseId.toLowerCase() },
        ...{ actor: `${by}.${name}`, correlationId, causation: { source: event.source, id: event.id } },
        command: {
          ...{ type: 'RecordHaltAcknowledgement', by, reading: monotonic.read(), now: clock.now() },
          ...{ gate: event.source, holdId: holdId.toLowerCase(), outcome },
          clearanceIds: clearanceIds.map((id) => id.toLowerCase()),
          departedAt: departedAt === null ? null : new Date(departedAt).toISOString(),
        },
      });
      alarmOvertaken(node.raiseAlarm, event.source, events);
    },
  };
}
