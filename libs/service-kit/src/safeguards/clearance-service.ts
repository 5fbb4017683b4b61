import { DomainError, type JsonObject } from '@acogida/core';
import { inTransaction, isTransientDatabaseError, StreamMovedError, type Transaction } from '@acogida/event-store';
import type { ClearanceRefusal } from '@acogida/reference';
import {
  type ClearanceReply,
  type GrantedClearance,
  type HoldLedger,
  holdLedgerProcedure,
  type IdentitySearch,
  type LeaseTerms,
  openHolds,
  outstanding,
  replyTo,
} from '@acogida/safeguards';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { ChannelService } from '../agency-channel/port.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { OwnObstacles } from '../case-obstacles/own-obstacles.ts';
import { keyTurn } from '../case-keys/key-turn.ts';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { AUDIT_LOG, NODE_RUNTIME } from '../tokens.ts';
import { CaseLinks } from './case-links.ts';
import { ClearanceSearch } from './clearance-search.ts';
import { type ClearanceRequest, clearanceReplyBody, clearanceRequestOf } from './clearance-wire.ts';
import { ForgottenLeases } from './forgotten-leases.ts';
import { GATE_KINDS } from './gate-agencies.ts';
import { notTakenOver, openHoldsElsewhere, successorOf } from './known-holds.ts';
import { LEASE_TERMS } from './lease-terms.ts';
import { type OfOnePerson, ofOnePerson, otherCasesOf } from './linked-cases.ts';
import { MONOTONIC_CLOCK, type MonotonicClock } from './monotonic-clock.ts';
import { hasReadPredecessors } from './predecessors.ts';

/** How often a question is decided when others keep moving the ledger. */
const MAX_ATTEMPTS = 5;
/**
 * Leases that one gate may have out on one case. Each attempt ends the one before, so that a gate has one; whoever takes thousands must
 * not make the halts of a hold so large that they cannot be published (S4).
 */
const MOST_OUT = 20;

/** A question, and what was found before it is decided. */
interface Asked extends ClearanceRequest {
  readonly gate: string;
  readonly search: IdentitySearch;
  /** Cases that were no matches, since they are the person's: what stands on them has to count. */
  readonly passedOver: readonly string[];
  readonly obstacles: readonly ClearanceRefusal[];
}

/**
 * Answers gates that ask whether somebody may be made to leave (architecture.md §7, Clearance). A clearance is written to the ledger
 * of the case before it is said, and to those of linked cases or to none; the same question is answered once, however often and
 * wherever at once it comes.
 *
 * Any member of the network whose kind runs a gate may ask, of any country, as people are not removed by their own country alone;
 * nobody else, since the answer tells whether somebody is known here. Each question is audited, without what it says of the person.
 */
@Injectable()
export class ClearanceService implements ChannelService, OnApplicationBootstrap {
  readonly topic = 'clearance';

  constructor(
    private readonly own: OwnObstacles,
    private readonly forgotten: ForgottenLeases,
    private readonly links: CaseLinks,
    private readonly searching: ClearanceSearch,
    @Inject(NODE_RUNTIME)
    private readonly node: Pick<NodeRuntime, 'pool' | 'context' | 'clock' | 'relay' | 'trust' | 'isRelaying'>,
    @Inject(MONOTONIC_CLOCK) private readonly monotonic: MonotonicClock,
    @Inject(LEASE_TERMS) private readonly terms: LeaseTerms,
    @Inject(AUDIT_LOG) private readonly audit: AuditLog,
  ) {}

  /** What may be forgotten is counted from the start on, not from the first question. */
  async onApplicationBootstrap(): Promise<void> {
    await this.forgotten.current(this.node.context, this.node.pool);
  }

  /**
   * A gate that asks too often is told so, and nothing of it is kept.
   *
   * @throws DomainError CLEARANCE.NOT_A_GATE, CLEARANCE.MALFORMED, CLEARANCE.ANOTHERS, CASE_ERASED: nothing is granted
   */
  async answer(from: string, requestId: string, body: JsonObject): Promise<JsonObject> {
    try {
      this.requireGate(from);
      const request = clearanceRequestOf(requestId, body);
      return clearanceReplyBody(
        request.clearanceId,
        (await this.replyTo(from, request)) ?? (await this.recovering(from, request)),
      );
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.note(this.node.pool, from, null, [`code:${error.code}`]);
      if (error.code !== 'CLEARANCE.TOO_MANY') throw error;
      return clearanceReplyBody(requestId, { isGranted: false, reasons: ['ASKED_TOO_OFTEN'] });
    }
  }

  private requireGate(from: string): void {
    const { agencyId, members } = this.node.context;
    const member = members().find((one) => one.agencyId === from);
    const isThere = member !== undefined && (member.successor ?? null) === null;
    if (isThere && (from === agencyId || GATE_KINDS.has(member.kind))) return;
    throw new DomainError('CLEARANCE.NOT_A_GATE', 'forbidden', 'this agency runs no gate');
  }

  /** Said, and not written to a ledger of which something may be missing. */
  private async recovering(gate: string, { caseId, removal }: ClearanceRequest): Promise<ClearanceReply> {
    await this.note(this.node.pool, gate, caseId, [removal, 'AWAITS_ATTESTATION']);
    return { isGranted: false, reasons: ['AWAITS_ATTESTATION'] };
  }

  /** Null where nothing can be decided before the work that a restore lost was attested. */
  private async replyTo(gate: string, request: ClearanceRequest): Promise<ClearanceReply | null> {
    if (!this.node.isRelaying()) return null; // nothing is decided before the own events are all here
    const { handler } = this.node.context;
    const { state } = await handler.load(holdLedgerProcedure, request.caseId);
    const asked = await this.found(gate, request, state);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const reply = await inTransaction(this.node.pool, (transaction) => this.within(transaction, asked));
        this.node.relay.wake();
        return reply;
      } catch (error) {
        if (error instanceof DomainError && error.code === 'STREAM_AWAITS_ATTESTATION') return null;
        if (attempt === MAX_ATTEMPTS || !isTransientDatabaseError(error)) throw error;
      }
    }
  }

  /** What is looked up outside of the ledger; nothing for a question that was answered before. */
  private async found(gate: string, request: ClearanceRequest, ledger: HoldLedger): Promise<Asked> {
    const { caseId, clearanceId, linkedCaseIds: named } = request;
    if (replyTo(ledger, clearanceId, this.monotonic.read()) !== null) {
      return { ...request, gate, search: 'NOT_SEARCHED', passedOver: [], obstacles: [] };
    }
    const person = await ofOnePerson(this.node.context, holdLedgerProcedure, [caseId, ledger], { named });
    const { obstacles, unknownHolds } = await this.own.of(person.map(([id]) => id));
    const unknown: readonly ClearanceRefusal[] = unknownHolds.length > 0 ? ['HOLD_ACTIVE'] : [];
    const search = await this.searching.search(gate, request, person);
    const found = { gate, search, passedOver: otherCasesOf(person) };
    return { ...request, ...found, obstacles: [...obstacles, ...unknown, ...this.unheard(request)] };
  }

  /** The gate has heard of a succession that this agency has not: whose holds it answers for, it does not know yet. */
  private unheard({ inPlaceOf }: ClearanceRequest): readonly ClearanceRefusal[] {
    const { agencyId, members } = this.node.context;
    const isUnheard = inPlaceOf.some((gone) => successorOf(gone, members()) !== agencyId);
    return isUnheard ? ['AWAITS_ATTESTATION'] : [];
  }

  private async within(transaction: Transaction, asked: Asked): Promise<ClearanceReply> {
    const { caseId, clearanceId, gate, removal, search, linkedCaseIds: named } = asked;
    const { agencyId: by, handler } = this.node.context;
    const reading = this.monotonic.read();
    const { state: before } = await handler.load(holdLedgerProcedure, caseId, transaction);
    requireOwnLease(before, asked, outstanding(before, reading));
    const person = await ofOnePerson(this.node.context, holdLedgerProcedure, [caseId, before], { transaction, named });
    const linked = person.slice(1).toSorted(([one], [other]) => (one < other ? -1 : 1));
    const obstacles = [...asked.obstacles, ...unsearched(asked, person), ...(await this.heard(transaction, person))];
    const acting = { by, reading, now: this.node.clock.now() };
    const from = { actor: `${by}.answers-clearances`, correlationId: clearanceId, causation: null };
    const { state } = await handler.executeWithin(transaction, {
      ...{ procedure: holdLedgerProcedure, id: caseId, ...from },
      command: {
        ...{ type: 'AnswerClearance', ...acting, caseId, clearanceId, gate, removal, search, obstacles },
        terms: this.terms,
      },
    });
    requireUnmoved(caseId, before, state);
    const granted = state.clearances.find((one) => one.clearanceId === clearanceId);
    if (granted !== undefined) {
      for (const [id, was] of linked) {
        const news = { linkedCaseId: caseId, link: null, clearances: [granted], unknownLeases: null };
        const command = { type: 'LinkLedger', ...acting, ...news } as const;
        const options = { procedure: holdLedgerProcedure, id, ...from, command };
        const { state: now } = await handler.executeWithin(transaction, options);
        requireUnmoved(id, was, now);
      }
    }
    await this.links.tellAgain(keyTurn(this.node.context, transaction, acting.now, from), gate, person, named);
    const reply = repliedFrom([state, ...linked.map(([, ledger]) => ledger)], asked, reading);
    await this.note(transaction, gate, caseId, [removal, ...(reply.isGranted ? ['GRANTED'] : reply.reasons)]);
    return reply;
  }

  /** What speaks against it beside the ledger of the case: holds of linked cases, those of others that were heard, what is forgotten or not read yet. */
  private async heard(
    transaction: Transaction,
    ledgers: readonly (readonly [string, HoldLedger])[],
  ): Promise<readonly ClearanceRefusal[]> {
    const { context, trust } = this.node;
    const count = await this.forgotten.current(context, transaction);
    const hasRead = await hasReadPredecessors(context, trust, transaction);
    const reasons: ClearanceRefusal[] = count === null && hasRead ? [] : ['AWAITS_ATTESTATION'];
    for (const [caseId, ledger] of ledgers) {
      const elsewhere = notTakenOver(await openHoldsElsewhere(context, transaction, caseId), ledger);
      if (elsewhere.length > 0 || openHolds(ledger).length > 0) reasons.push('HOLD_ACTIVE');
    }
    return reasons;
  }

  private note(
    connection: Parameters<AuditLog['record']>[0],
    gate: string,
    caseId: string | null,
    details: readonly string[],
  ): Promise<void> {
    return this.audit.record(connection, {
      ...{ at: this.node.clock.now(), actor: gate, kind: 'CLEARANCE', caseId, details, consentId: null },
    });
  }
}

/** A case that was the person's when identities were searched, and is no longer: nobody has ruled it out. */
function unsearched({ passedOver }: Asked, person: OfOnePerson<HoldLedger>): readonly ClearanceRefusal[] {
  return passedOver.every((id) => person.some(([one]) => one === id)) ? [] : ['NOT_SEARCHED'];
}

/**
 * Nobody gets another gate's lease: it would count it from later than this authority does. And nobody takes more than it can use.
 *
 * @throws DomainError CLEARANCE.ANOTHERS, CLEARANCE.TOO_MANY
 */
function requireOwnLease(
  { clearances }: HoldLedger,
  { clearanceId, gate }: Asked,
  out: readonly GrantedClearance[],
): void {
  const granted = clearances.find((one) => one.clearanceId === clearanceId);
  if (granted !== undefined && granted.gate !== gate) {
    throw new DomainError('CLEARANCE.ANOTHERS', 'forbidden', 'another gate has that clearance');
  }
  if (granted === undefined && out.filter((one) => one.gate === gate).length >= MOST_OUT) {
    throw new DomainError('CLEARANCE.TOO_MANY', 'conflict', 'this gate has many clearances of that case out');
  }
}

/**
 * A hold that was placed on a linked case, or a link that was made, after the ledgers were read and before this wrote to them: all is
 * decided again (S2).
 *
 * @throws StreamMovedError
 */
function requireUnmoved(caseId: string, before: HoldLedger, after: HoldLedger): void {
  const isHeld = openHolds(after).some(({ holdId }) => !openHolds(before).some((one) => one.holdId === holdId));
  const isLinked = after.linkedCaseIds.some((id) => !before.linkedCaseIds.includes(id));
  if (isHeld || isLinked) throw new StreamMovedError(`${holdLedgerProcedure.name}-${caseId}`, null);
}

/** What the ledger of the case says, unless a hold on a linked case has ended it since. */
function repliedFrom(
  [ledger, ...linked]: readonly [HoldLedger, ...HoldLedger[]],
  { clearanceId }: Asked,
  reading: Parameters<typeof replyTo>[2],
): ClearanceReply {
  const reply = replyTo(ledger, clearanceId, reading);
  if (reply === null) throw new Error('a question was decided and is not answered');
  const isHalted = linked.some(
    (other) => openHolds(other).length > 0 || other.halts.some((halt) => halt.clearanceIds.includes(clearanceId)),
  );
  return reply.isGranted && isHalted ? { isGranted: false, reasons: ['HOLD_ACTIVE'] } : reply;
}
