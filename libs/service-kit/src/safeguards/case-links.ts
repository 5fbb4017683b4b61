import type { Clock } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import type { MatchDecision, MatchReason } from '@acogida/reference';
import {
  type CaseLinkCommand,
  caseLinkProcedure,
  type HoldLedger,
  holdLedgerProcedure,
  type LinkReaders,
} from '@acogida/safeguards';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { type KeyTurn, keyTurn } from '../case-keys/key-turn.ts';
import { GATE_HEARS_LINKS, type hearLinkAtGate } from '../gate/linked-gates.ts';
import { nameBasedId } from '../name-based-id.ts';
import type { NodeContext } from '../node-definition.ts';
import { CLOCK, NODE_CONTEXT } from '../tokens.ts';
import { ForgottenLeases } from './forgotten-leases.ts';
import { successorOf } from './known-holds.ts';
import { ledgersOf, linkLedgers } from './link-ledgers.ts';
import { type OfOnePerson, unlessErased } from './linked-cases.ts';
import { MONOTONIC_CLOCK, type MonotonicClock } from './monotonic-clock.ts';

/** Namespace of the ids of links. */
const NAMESPACE = '0e6a8c1d-6f0b-4a8e-9c55-9d2b7f3c5a10';

/** What officers decided about a case of this agency and one that another agency asked about. */
export interface DecidedMatch {
  readonly matchId: string;
  readonly caseId: string;
  readonly askedCaseId: string;
  readonly askedBy: string;
  readonly decision: MatchDecision;
  readonly reason: MatchReason;
  /** Token subjects: one, or the one who proposed and the one who confirmed. */
  readonly officers: readonly string[];
}

/**
 * Links the cases of one person, and unlinks those of two (architecture.md §1, §7): in the transaction in which officers of this agency
 * decided it, at its own ledgers and its own gate, and for others on the log.
 */
@Injectable()
export class CaseLinks {
  constructor(
    private readonly forgotten: ForgottenLeases,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(MONOTONIC_CLOCK) private readonly monotonic: MonotonicClock,
    @Inject(CLOCK) private readonly clock: Clock,
    @Optional() @Inject(GATE_HEARS_LINKS) private readonly atGate?: typeof hearLinkAtGate,
  ) {}

  /**
   * One officer's word links; only two unlink. What was decided before changes nothing.
   *
   * @throws DomainError STREAM_AWAITS_ATTESTATION, CASE_ERASED: nothing is decided then
   */
  async decided(transaction: Transaction, match: DecidedMatch): Promise<void> {
    const { agencyId } = this.node;
    const { caseId, askedCaseId, matchId, decision, officers } = match;
    const [first, second] = officers;
    if (first === undefined || (decision === 'OTHER_PERSON' && second === undefined)) return;
    const linkId = nameBasedId(NAMESPACE, [agencyId, ...[caseId, askedCaseId].sort()]);
    const metadata = { actor: second ?? first, correlationId: matchId, causation: null };
    const turn = keyTurn(this.node, transaction, this.clock.now(), metadata);
    const readers = await this.readers(turn, match);
    const ground = { matchId, reason: match.reason };
    const acting = { linkId, ground, readers, now: turn.now };
    const command: CaseLinkCommand =
      decision === 'SAME_PERSON'
        ? { type: 'LinkCases', ...acting, caseId, linkedCaseId: askedCaseId, officer: first }
        : { type: 'UnlinkCases', ...acting, proposedBy: first, confirmedBy: second ?? first };
    const { state, events } = await turn.run({ procedure: caseLinkProcedure, id: linkId, command });
    const isChanged = events.some(({ type }) => type === 'CasesLinked' || type === 'CasesUnlinked');
    if (!isChanged) return;
    const { linkedCaseId, revision } = state;
    const link = { by: agencyId, linkId, revision };
    const word = { link, caseId: state.caseId, linkedCaseId, isLinked: decision === 'SAME_PERSON' };
    await linkLedgers(this.node, word, { ...turn, reading: this.monotonic.read(), forgotten: this.forgotten });
    await this.atGate?.(this.node, word, turn);
  }

  /**
   * Tells a gate of links that this agency itself has said and that it does not name when it asks: it has not heard them, since nothing
   * could be sealed to it then, or it had nothing to do with either case.
   */
  async tellAgain(
    turn: KeyTurn,
    gate: string,
    person: OfOnePerson<HoldLedger>,
    named: readonly string[],
  ): Promise<void> {
    const { agencyId } = this.node;
    const [asked] = person;
    const own = asked?.[1].links.filter(({ by, isLinked, linkedCaseId }) => {
      const isKept = person.some(([id]) => id === linkedCaseId); // of an erased case nothing is told
      return by === agencyId && isLinked && isKept && !named.includes(linkedCaseId);
    });
    for (const { linkId } of gate === agencyId ? [] : (own ?? [])) {
      const command = { type: 'TellOfLink', linkId, agencies: [gate], now: turn.now } as const;
      await turn.run({ procedure: caseLinkProcedure, id: linkId, command });
    }
  }

  /** Who reads along on any case of the person, and whoever asked about one, has a clearance of one, or holds one. */
  private async readers(turn: KeyTurn, { caseId, askedCaseId, askedBy }: DecidedMatch): Promise<LinkReaders> {
    const { agencyId, circles, members } = this.node;
    const { transaction } = turn;
    const ledgers = await ledgersOf(this.node, [caseId, askedCaseId], transaction);
    const found = new Set([askedBy, ...(await placersOn(transaction, [...ledgers.keys()]))]);
    for (const ledger of ledgers.values()) for (const gate of gatesOf(ledger)) found.add(gate);
    for (const id of circles === undefined ? [] : ledgers.keys())
      for (const { agency } of (await circles?.members(turn, id)) ?? []) found.add(agency);
    const all = members();
    const present = [...found].map((agency) => successorOf(agency, all) ?? agency);
    const agencies = [...new Set(present)].filter(
      (agency) => agency !== agencyId && all.some((one) => one.agencyId === agency),
    );
    return { shareOneKey: circles === undefined, agencies: agencies.sort() };
  }
}

/**
 * Tells a gate that has answered a halt of links that this agency itself has said, once: it may have the other case alone, and not ask
 * here before it has heard whose it is (INV-02).
 */
export async function tellWhoAnswers(
  { node, transaction, run, now }: KeyTurn,
  { links, halts }: HoldLedger,
  gate: string,
): Promise<void> {
  const { agencyId, circles, handler } = node;
  if (circles === undefined) return; // one key opens everything: it has been told
  if (!halts.some((halt) => halt.gate === gate)) return; // nobody asked it
  for (const { linkId } of links.filter(({ by, isLinked }) => by === agencyId && isLinked)) {
    const link = await unlessErased(handler.load(caseLinkProcedure, linkId, transaction));
    if (link === null || link.told.includes(gate)) continue;
    const other = await unlessErased(handler.load(holdLedgerProcedure, link.linkedCaseId, transaction));
    if (other === null) continue; // of an erased case nothing is told
    await run({
      ...{ procedure: caseLinkProcedure, id: linkId },
      command: { type: 'TellOfLink', linkId, agencies: [gate], now },
    });
  }
}

/** Gates that have had to do with a ledger. */
function gatesOf({ clearances, halts, holds }: HoldLedger): readonly string[] {
  const awaited = holds.flatMap(({ awaits }) => awaits.flatMap(({ gate }) => gate ?? []));
  return [...[...clearances, ...halts].map(({ gate }) => gate), ...awaited];
}

async function placersOn(transaction: Transaction, caseIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ source: string }>(
    'SELECT DISTINCT source FROM known_hold WHERE case_id = ANY($1::uuid[])',
    [caseIds],
  );
  return rows.map(({ source }) => source);
}
