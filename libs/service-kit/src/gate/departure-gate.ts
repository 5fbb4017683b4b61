import { type Clock, DomainError, type Ids } from '@acogida/core';
import { inTransaction } from '@acogida/event-store';
import type { Removal } from '@acogida/reference';
import {
  askedInPlaceOf,
  type Attempt,
  authoritiesToAsk,
  type AttemptStatus,
  EMPTY_GATE,
  type GateCommand,
  type GateCommandOf,
  type GateFile,
  gateProcedure,
  haltsOfOwnGate,
  isWarrantValid,
  mayLeave,
  type Obstacle,
  openHolds,
  type Reading,
} from '@acogida/safeguards';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { NodeContext } from '../node-definition.ts';
import type { ExecuteResult } from '../procedure-handler.ts';
import { ownLedgersOfPerson } from '../safeguards/linked-cases.ts';
import { MONOTONIC_CLOCK, type MonotonicClock } from '../safeguards/monotonic-clock.ts';
import { CLOCK, DATABASE_POOL, IDS, NODE_CONTEXT } from '../tokens.ts';
import { ClearanceAsking } from './clearance-asking.ts';
import { answerOwnHaltsOfPerson } from './own-halts.ts';
import { Situations } from './situations.ts';

/** How long after the end of its warrant it is still known that somebody was let out, in milliseconds. */
const KEPT_AFTER_END_MS = 24 * 60 * 60_000;

/** Who acts on which departure. */
export interface DepartureAct {
  /** In lower case. */
  readonly caseId: string;
  /** Drawn for this departure; asking again with the same id goes on with the same attempt. */
  readonly departureId: string;
  /** Token subject, or the policy that acts. */
  readonly officer: string;
  readonly correlationId: string;
}

/** A departure that is asked for. */
export interface WantedDeparture extends DepartureAct {
  readonly removal: Removal;
  /** From If-Match: the version of the gate that the officer saw. */
  readonly expectedVersion?: number | undefined;
}

/** How a departure stands. */
export interface DepartureStanding {
  readonly departureId: string;
  readonly status: AttemptStatus;
  /** Why it was refused. */
  readonly obstacles: readonly Obstacle[];
  /** How long the warrant still holds, in milliseconds; 0 where none does. */
  readonly validForMs: number;
}

/**
 * The one way by which anybody is made to leave, or leaves by return (INV-01, INV-02; architecture.md §7): expulsion, refusal of
 * entry, transfer abroad and return departure. Every authority is asked at the moment of departure, and whatever is missing,
 * silent or unclear stands against it. Leases are counted by the clock of this process alone: after a restart all are over.
 */
@Injectable()
export class DepartureGate {
  /** Departures by which somebody was let out of the door, and until when their warrants hold, on this process's clock. */
  readonly #letOut = new Map<string, number>();

  constructor(
    private readonly asking: ClearanceAsking,
    private readonly situations: Situations,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(MONOTONIC_CLOCK) private readonly monotonic: MonotonicClock,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  /**
   * Writes that authorities are asked before anybody is, asks all of them at once, and gives the command that judges what came of
   * it: a warrant, or why there is none. It takes as long as the slowest answer. Asked again with the same id it sends the same
   * requests again; what was judged stays judged.
   *
   * @throws DomainError GATE.DEPARTURE_OVER; StreamConflictError
   */
  async judgementOn(wanted: WantedDeparture): Promise<GateCommandOf<'Depart'>> {
    const { caseId, departureId, removal } = wanted;
    const { attempt, ...question } = await this.begin(wanted);
    const asked = attempt?.departureId === departureId && attempt.status === 'ASKED' ? attempt.asked : [];
    const answers = await this.asking.askAll(asked, { caseId, removal, ...question });
    const { state } = await this.node.handler.load(gateProcedure, caseId);
    const situation = await this.situations.of(caseId, state);
    return { type: 'Depart', departureId, answers, situation, ...this.now() };
  }

  /** The command that writes a departure, which `openDoor` has to follow. Holds that this agency placed meanwhile end it first. */
  async confirmation(act: DepartureAct): Promise<GateCommandOf<'ConfirmDeparture'>> {
    await this.answerOwnHolds(act);
    const { departureId, officer } = act;
    return { type: 'ConfirmDeparture', departureId, officer, ...this.now() };
  }

  /**
   * Whether the door may open, asked with a new reading once the departure was written: the process may have stood still in between
   * for longer than the lease, or while a halt was answered or this agency placed a hold itself (S1).
   *
   * @param isOurs this very request wrote it: it is taken back where the door stays shut, unless another request has opened it
   * @throws DomainError GATE.NO_WARRANT
   */
  async openDoor(act: DepartureAct, isOurs: boolean): Promise<void> {
    const { caseId, departureId } = act;
    const ledgers = await ownLedgersOfPerson(this.node, caseId);
    const isHeldHere = ledgers.some(([, ledger]) => openHolds(ledger).length > 0);
    const { state } = await this.node.handler.load(gateProcedure, caseId); // last: what is heard before it shuts the door
    const reading = this.monotonic.read();
    if (!isHeldHere && mayLeave(state, departureId, reading)) {
      this.letOut(departureId, state.attempt?.validUntil?.ms ?? 0, reading);
      return;
    }
    if (isOurs && !this.hasLetOut(departureId)) {
      await this.execute(act, { type: 'TakeBackDeparture', departureId, now: this.clock.now() });
      await this.answerOwnHolds(act);
    }
    throw new DomainError('GATE.NO_WARRANT', 'conflict', 'the door stays shut: no warrant is valid, ask again');
  }

  /** Whether the door was opened by this departure a short while ago: it is taken back by nobody who only came later (S3). */
  hasLetOut(departureId: string): boolean {
    return this.#letOut.has(departureId);
  }

  /** Forgets those of long ago: nobody is still about to take them back. */
  private letOut(departureId: string, untilMs: number, { ms }: Reading): void {
    for (const [other, endMs] of this.#letOut) if (endMs + KEPT_AFTER_END_MS < ms) this.#letOut.delete(other);
    this.#letOut.set(departureId, untilMs);
  }

  /** @throws DomainError CASE_ERASED */
  async standing(caseId: string, departureId: string): Promise<DepartureStanding> {
    const { state } = await this.node.handler.load(gateProcedure, caseId);
    return this.standingOf(state, departureId);
  }

  /** How the departure of this id stands; `ENDED` where a later attempt took its place, or there never was one. */
  standingOf({ attempt, departures }: GateFile, departureId: string): DepartureStanding {
    const nothing = { departureId, obstacles: [], validForMs: 0 };
    if (departures.some((one) => one.departureId === departureId)) return { ...nothing, status: 'DEPARTED' };
    if (attempt?.departureId !== departureId) return { ...nothing, status: 'ENDED' };
    const { status, obstacles } = attempt;
    return { departureId, status, obstacles, validForMs: this.warrantLeftMs(attempt) };
  }

  /** How long a warrant still holds, in milliseconds; 0 where none does. */
  warrantLeftMs(attempt: Attempt): number {
    const reading = this.monotonic.read();
    return isWarrantValid(attempt, reading) ? (attempt.validUntil?.ms ?? 0) - reading.ms : 0;
  }

  private async begin(wanted: WantedDeparture) {
    const { caseId, departureId, removal, officer, expectedVersion } = wanted;
    const { state: before } = await this.node.handler.load(gateProcedure, caseId);
    const [situation, elements] = await Promise.all([
      this.situations.of(caseId, before),
      this.asking.elementsOf(caseId),
    ]);
    const { linkedCaseIds } = situation;
    const linkedElements = await this.asking.linkedElementsOf(linkedCaseIds, elements);
    const listed = authoritiesToAsk(EMPTY_GATE, { ...situation, placersOnLinked: [], heldBy: [] });
    const knowers = before.heard.map(({ authority }) => authority).filter((one) => !listed.includes(one));
    const asked = authoritiesToAsk(before, situation).map((authority) => ({
      authority,
      clearanceId: this.ids.uuid(),
    }));
    const command = { type: 'AskForClearance', caseId, departureId, removal, asked, officer, ...this.now() } as const;
    const isKnown = before.attempt?.departureId === departureId; // its own first try moved the gate
    const { state } = await this.execute(wanted, command, isKnown ? undefined : expectedVersion);
    const inPlaceOf = (authority: string) => askedInPlaceOf(authority, before, situation);
    return { attempt: state.attempt, elements, linkedElements, knowers, inPlaceOf, linkedCaseIds };
  }

  /** Tells this agency's own holds what has become of a departure; whoever takes one back by another way than `openDoor` does so after it. */
  async answerOwnHolds({ caseId, officer: actor, correlationId }: Omit<DepartureAct, 'departureId'>): Promise<void> {
    const { agencyId, handler } = this.node;
    const ledgers = await ownLedgersOfPerson(this.node, caseId);
    const isAsked = ledgers.some(
      ([, ledger]) =>
        haltsOfOwnGate(ledger, agencyId).length > 0 || ledger.answers.some(({ gate }) => gate === agencyId),
    );
    if (!isAsked) return;
    const metadata = { actor, correlationId, causation: null };
    await inTransaction(this.pool, (transaction) =>
      answerOwnHaltsOfPerson(this.node, {
        ...{ transaction, caseId, ...this.now() },
        run: (command) => handler.executeWithin(transaction, { ...command, ...metadata }),
      }),
    );
  }

  private now() {
    return { reading: this.monotonic.read(), now: this.clock.now() };
  }

  private execute(
    { caseId, officer, correlationId }: Omit<DepartureAct, 'departureId'>,
    command: GateCommand,
    expectedVersion?: number,
  ): Promise<ExecuteResult<GateFile>> {
    return this.node.handler.execute({
      ...{ procedure: gateProcedure, id: caseId, command, actor: officer, correlationId, causation: null },
      ...(expectedVersion === undefined ? {} : { expectedVersion }),
    });
  }
}
