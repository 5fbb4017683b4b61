import { DomainError, type Ids, type Instant, instantAfter } from '@acogida/core';
import type { LeavingReason } from '@acogida/reference';
import type { CaseKeySet, HeldKey, KeyAudience, KeyRing, KeyStore, Randomness } from '@acogida/sealing';
import { deadlineRule } from '../deadlines/deadline-rule.ts';
import { type CaseKeysState, type CircleMember, memberOf, openEpochOf, presentMembers } from './case-keys.ts';
import type { CaseKeysCommandOf, CircleStep, HandedOn } from './case-keys-commands.ts';
import type { ChainStart, KeysGranted } from './case-keys-events.ts';
import { type CircleMove, CircleMoves } from './circle-moves.ts';
import { KEYS_PER_GRANT } from './decide-case-keys.ts';
import { handOverNothing, handOverOf } from './hand-over.ts';
import type { KeyTurn } from './key-turn.ts';
import { caseKeysProcedure } from './procedures.ts';
import { caseKeysDeadlines, membersOwedKeys, owedSince } from './rotation.ts';

/** Bounds of the time after which a grant that could not be sealed is tried again, in ms: five seconds, six hours. */
export const GRANT_RETRY_MS = { atLeast: 5_000, atMost: 6 * 60 * 60 * 1000 } as const;

/** What circles are kept with. */
export interface CaseCirclesOptions {
  readonly agencyId: string;
  readonly ids: Ids;
  readonly randomness: Randomness;
  readonly store: Pick<KeyStore, 'insertSet' | 'keysOf'>;
  readonly ring: Pick<KeyRing, 'holdMemberKey' | 'offerKeyOf' | 'pairKeyTo'>;
  /** Number of the node's incarnation now. */
  readonly incarnation: () => number;
  /** Lets the ring use the keys that other agencies have now. */
  readonly peers?: { keep(): void };
}

/** How this agency stands to a case: nothing sealed yet, keys of its own, or erased and to be kept nothing of any more. */
export type CaseStanding = 'NONE' | 'OPEN' | 'ERASED';

/** Whoever is to be let in, and how far. */
export type Admission = Pick<
  CaseKeysCommandOf<'AdmitMember'>,
  'agency' | 'role' | 'memberKeyX' | 'audiences' | 'history'
>;

/**
 * Who reads along on the cases of this agency, with the keys themselves: every step happens in the transaction of its turn,
 * secrets and records together. The ring learns of a new epoch when that is committed, by loading the case.
 */
export class CaseCircles {
  readonly #options: CaseCirclesOptions;
  readonly #moves: CircleMoves;

  constructor(options: CaseCirclesOptions) {
    this.#options = options;
    this.#moves = new CircleMoves({
      ...options,
      isReady: (agency) => this.isReady(agency),
      canSealTo: (state, caseId, to) => this.#prepare(state, caseId, to),
    });
  }

  /** How this agency stands to a case. */
  async standing(turn: KeyTurn, caseId: string): Promise<CaseStanding> {
    return (await this.look(turn, caseId)).standing;
  }

  /** The same, and who is in the circle, or watches it, now. */
  async look(
    turn: KeyTurn,
    caseId: string,
  ): Promise<{ readonly standing: CaseStanding; readonly members: readonly CircleMember[] }> {
    const state = await this.#load(turn, caseId);
    const unerased = openEpochOf(state) === undefined ? 'NONE' : 'OPEN';
    return { standing: state.isErased ? 'ERASED' : unerased, members: presentMembers(state) };
  }

  /** Who is in the circle, or watches it, now. */
  async members(turn: KeyTurn, caseId: string): Promise<readonly CircleMember[]> {
    return presentMembers(await this.#load(turn, caseId));
  }

  /** Who is or was in the circle, or watched it. */
  async everybody(turn: KeyTurn, caseId: string): Promise<readonly CircleMember[]> {
    return Object.values((await this.#load(turn, caseId)).members);
  }

  /** Whether something can be sealed to an agency that has told no pair of a case: it has a sealing key and an offer key. */
  isReady(agency: string): boolean {
    const { ring, peers } = this.#options;
    peers?.keep();
    return ring.pairKeyTo(agency) !== undefined && ring.offerKeyOf(agency) !== undefined;
  }

  /**
   * Lets an agency in, with its keys if anything can be sealed to it; else it is given them later. Where it may not have the past,
   * the next epoch begins with it: whoever appends next may have looked at the circle before, and the store seals anew by what it
   * finds, not by what is owed.
   *
   * @throws DomainError as the decider
   */
  async admit(turn: KeyTurn, caseId: string, admission: Admission): Promise<void> {
    await this.#move(turn, caseId, [this.#admitting(turn, caseId, admission)]);
  }

  /** Shuts an agency out: of everything that is appended from the next epoch on, which begins at once. */
  async remove(turn: KeyTurn, caseId: string, agency: string, reason: LeavingReason): Promise<void> {
    await this.#move(turn, caseId, [{ type: 'RemoveMember', caseId, agency, reason, now: turn.now }]);
  }

  /**
   * Leaves an agency less than it had, from the next epoch on, which begins at once: it goes, and comes back with that much.
   *
   * @throws DomainError as the decider
   */
  async narrow(turn: KeyTurn, caseId: string, admission: Admission): Promise<void> {
    const { agency } = admission;
    const leaving = { type: 'RemoveMember', caseId, agency, reason: 'SERVICE_ENDED', now: turn.now } as const;
    await this.#move(turn, caseId, [leaving, this.#admitting(turn, caseId, admission)]);
  }

  /**
   * Begins an epoch if one is due, or anyhow, and grants it to whoever something can be sealed to.
   *
   * @returns its keys; null when none has begun
   */
  async rotate(turn: KeyTurn, caseId: string, because: 'DUE' | 'ORDERED' = 'DUE'): Promise<CaseKeySet | null> {
    return this.#move(turn, caseId, [], because);
  }

  /**
   * Gives members the keys that they are owed. Whom nothing can be sealed to at the moment is tried again once it has waited as
   * long again: an agency that has just joined publishes its offer key within seconds, one whose node is down within days.
   *
   * @throws MissingKeyError a key is not in storage any more
   */
  async grantOwed(turn: KeyTurn, caseId: string): Promise<void> {
    const state = await this.#load(turn, caseId);
    const held = await this.#options.store.keysOf(turn.transaction, caseId);
    for (const to of membersOwedKeys(state)) {
      if (this.#prepare(state, caseId, to)) await this.#grant(turn, { caseId, to, held, handedOn: [], chains: [] });
      else await this.#run(turn, { type: 'PostponeGrant', caseId, to, until: this.#retryAt(state, to, turn.now) });
    }
  }

  /**
   * Hands a member what this node was granted by others, as far as the member may have it: a successor, or one that joined late
   * and whose grantors are gone.
   *
   * @param chains where published chains begin for it
   * @throws DomainError `KEYS.RECEIVER_UNREADY`, and as the decider
   */
  async handOn(turn: KeyTurn, caseId: string, to: string, chains: readonly ChainStart[]): Promise<void> {
    const { agencyId } = this.#options;
    const state = await this.#load(turn, caseId);
    const member = memberOf(state, to);
    const audiences = new Set<KeyAudience>(member?.audiences.map(({ audience }) => audience));
    const held = await this.#options.store.keysOf(turn.transaction, caseId);
    const foreign = held.filter(
      ({ source, audience }) => source !== agencyId && source !== to && audiences.has(audience),
    );
    if (!this.#prepare(state, caseId, to)) {
      throw new DomainError('KEYS.RECEIVER_UNREADY', 'conflict', 'nothing can be sealed to this agency at the moment');
    }
    await this.#grant(turn, { caseId, to, held, handedOn: handedOnOf(foreign), chains });
  }

  /** What the keys of cases wait for, for the deadlines of a node. */
  deadlines() {
    return deadlineRule({
      procedure: caseKeysProcedure(handOverNothing),
      revision: 1,
      openIn: caseKeysDeadlines,
      handle: async ({ kind, id: caseId }, turn) => {
        switch (kind) {
          case 'ROTATE':
            await this.rotate(turn, caseId);
            break;
          case 'GRANT':
            await this.grantOwed(turn, caseId);
            break;
        }
      },
    });
  }

  async #move(
    turn: KeyTurn,
    caseId: string,
    changes: readonly CircleStep[],
    because: CircleMove['because'] = 'DUE',
  ): Promise<CaseKeySet | null> {
    return this.#moves.move(turn, { caseId, before: await this.#load(turn, caseId), changes, because });
  }

  #admitting(turn: KeyTurn, caseId: string, admission: Admission): CircleStep {
    return { type: 'AdmitMember', caseId, by: this.#options.agencyId, now: turn.now, ...admission };
  }

  async #grant(
    turn: KeyTurn,
    what: {
      caseId: string;
      to: string;
      held: readonly HeldKey[];
      handedOn: readonly HandedOn[];
      chains: readonly ChainStart[];
    },
  ): Promise<void> {
    const { agencyId: by, ids } = this.#options;
    const { held, ...grant } = what;
    for (;;) {
      const command = { type: 'GrantKeys' as const, by, grantId: ids.uuid(), now: turn.now, ...grant };
      const { events } = await this.#run(turn, command, handOverOf(held));
      if (countKeys(events) < KEYS_PER_GRANT) return;
    }
  }

  /** Whether something can be sealed to a member now. The ring learns of its public key: it is no secret if this is undone. */
  #prepare(state: CaseKeysState, caseId: string, to: string): boolean {
    const memberKeyX = memberOf(state, to)?.memberKeyX ?? null;
    if (memberKeyX === null) return this.isReady(to);
    this.#options.ring.holdMemberKey(caseId, to, memberKeyX);
    return this.#options.ring.pairKeyTo(to) !== undefined;
  }

  #retryAt(state: CaseKeysState, to: string, now: Instant): Instant {
    const member = memberOf(state, to);
    const waitedMs = member === undefined ? 0 : Date.parse(now) - Date.parse(owedSince(state, member));
    return instantAfter(now, Math.min(GRANT_RETRY_MS.atMost, Math.max(GRANT_RETRY_MS.atLeast, waitedMs)));
  }

  async #load({ node, transaction }: KeyTurn, caseId: string): Promise<CaseKeysState> {
    return (await node.handler.load(caseKeysProcedure(handOverNothing), caseId, transaction)).state;
  }

  #run(turn: KeyTurn, command: CaseKeysCommandOf<CaseKeysCommandType>, handOver = handOverNothing) {
    return turn.run({ procedure: caseKeysProcedure(handOver), id: command.caseId, command });
  }
}

type CaseKeysCommandType = 'GrantKeys' | 'PostponeGrant';

function countKeys(events: readonly { readonly data: unknown }[]): number {
  const cases = events.flatMap(({ data }) => (data as KeysGranted['data']).cases);
  return cases.reduce((count, { keys }) => count + keys.length, 0);
}

function handedOnOf(foreign: readonly HeldKey[]): readonly HandedOn[] {
  const holders = [...new Set(foreign.map(({ source }) => source))].sort();
  return holders.map((holder) => ({
    holder,
    keys: foreign.flatMap(({ source, subject, audience, epoch, key: { keyId } }) =>
      source === holder && audience !== 'own' ? [{ subject, audience, epoch, keyId }] : [],
    ),
  }));
}
