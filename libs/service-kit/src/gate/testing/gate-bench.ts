import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@acogida/core';
import type { ReceivedEvent } from '@acogida/event-log';
import type { IdentityElements, Reading } from '@acogida/safeguards';
import {
  AGENCY_CHANNEL,
  type AgencyChannel,
  type ChannelAnswer,
  type ChannelRequest,
} from '../../agency-channel/port.ts';
import { OwnObstacles, type OwnObstaclesOfCases } from '../../case-obstacles/own-obstacles.ts';
import { IDENTITY_INDEX } from '../../identity-search/identity-index.ts';
import type { NodeDefinition } from '../../node-definition.ts';
import { holdDesk } from '../../safeguards/hold-desk.ts';
import { ManualMonotonicClock } from '../../safeguards/testing/manual-monotonic-clock.ts';
import { gateDesk } from '../gate-desk.ts';

/** A process that may stand still between reading its clock and going on. */
export class PausingClock extends ManualMonotonicClock {
  #pausesMs: number[] = [];

  override read(): Reading {
    const reading = super.read();
    this.pass(this.#pausesMs.shift() ?? 0);
    return reading;
  }

  /** Stands still right after each of its next readings, for so many milliseconds. */
  pauseAfterReading(...forMs: number[]): void {
    this.#pausesMs = forMs;
  }
}

type Answering = (request: ChannelRequest) => ChannelAnswer | Promise<ChannelAnswer>;

/** What an authority says that has no hold. */
export function granting(leaseMs = 60_000, change: JsonObject = {}): Answering {
  return ({ requestId }) => {
    const body = { clearanceId: requestId, isGranted: true, found: 'NO_OPEN_HOLD', leaseMs, ...change };
    return { outcome: 'ANSWERED', body };
  };
}

/** What one says that refuses. */
export function refusing(...reasons: string[]): Answering {
  return ({ requestId }) => ({ outcome: 'ANSWERED', body: { clearanceId: requestId, isGranted: false, reasons } });
}

/** Authorities as a spec wants them. All grant until it says otherwise. */
export class FakeChannel implements AgencyChannel {
  readonly asked: { readonly agencyId: string; readonly request: ChannelRequest; readonly deadlineMs: number }[] = [];
  readonly #answers = new Map<string, Answering>();
  #every: Answering = granting();

  answer(agencyId: string, answering: Answering): void {
    this.#answers.set(agencyId, answering);
  }

  answerAll(answering: Answering): void {
    this.#every = answering;
  }

  reset(): void {
    this.asked.length = 0;
    this.#answers.clear();
    this.#every = granting();
  }

  async ask(agencyId: string, request: ChannelRequest, deadlineMs: number): Promise<ChannelAnswer> {
    this.asked.push({ agencyId, request, deadlineMs });
    return (this.#answers.get(agencyId) ?? this.#every)(request);
  }
}

/** What a spec sets of a gate. */
export interface GateParts {
  readonly channel: FakeChannel;
  readonly monotonic: ManualMonotonicClock;
  /** What waits at the node. */
  readonly own: { readonly now: OwnObstaclesOfCases };
  readonly elements: IdentityElements;
}

/** A service with a gate for expulsions and transfers, and holds of its own. */
export function gateNode({ channel, monotonic, own, elements }: GateParts): NodeDefinition {
  const holds = holdDesk(['NEEDS_NOT_ASSESSED'], { monotonic });
  const gate = gateDesk(['EXPULSION', 'TRANSFER_ABROAD']);
  const fakes = [
    { provide: AGENCY_CHANNEL, useValue: channel },
    { provide: OwnObstacles, useValue: { of: async () => own.now } },
    { provide: IDENTITY_INDEX, useValue: { elementsOf: async () => elements } },
  ];
  return {
    ...{ kind: 'intake', description: 'A gate.', entities: [], ...holds },
    procedures: [...holds.procedures, ...gate.procedures],
    controllers: [...holds.controllers, ...gate.controllers],
    providers: [...holds.providers, ...gate.providers, ...fakes],
    policies: (context) => [...holds.policies(context), ...gate.policies(context)],
  };
}

/** A word of another agency as its policy gets it. */
export function heard(
  type: 'HoldPlaced' | 'HoldLifted' | 'HaltOrdered' | 'HaltAcknowledged' | 'CasesLinked' | 'CasesUnlinked',
  source: string,
  number: number,
  caseId: string | null,
  data: JsonObject,
): ReceivedEvent {
  const at = '2026-11-22T09:00:00.000Z';
  return {
    ...{ id: randomUUID(), source, class: type.startsWith('Halt') ? 'clearance' : 'hold', subject: 'subject', number },
    ...{ time: at, clockAhead: false },
    payload: {
      ...{ type, schemaVersion: 1, caseId, data, occurredAt: at, recordedAt: at, version: 1 },
      ...{ stream: `hold-ledger-${caseId}`, publishedHead: '', privateHead: '', clock: '1795338000000-000000' },
      ...{ correlationId: randomUUID(), causation: null },
    },
  };
}
