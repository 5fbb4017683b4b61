import type { Ids } from '@acogida/core';
import { StreamMovedError } from '@acogida/event-store';
import {
  type CaseKeySet,
  type HeldKey,
  keysOfEpoch,
  type KeyStore,
  makeCaseKeySet,
  type Randomness,
} from '@acogida/sealing';
import { auditorGrants, type BeginningOfEpoch } from './case-grants.ts';
import { auditorsOf, type CaseKeysState, keysOwedTo, memberOf, openEpochOf } from './case-keys.ts';
import type { CircleStep } from './case-keys-commands.ts';
import type { CaseKeysEvent } from './case-keys-events.ts';
import { circleStreamOf } from './circle-snapshots.ts';
import { decideSteps } from './decide-case-keys.ts';
import { handOverOf, namesOfSet } from './hand-over.ts';
import type { KeyTurn } from './key-turn.ts';
import { caseGrantProcedure, caseKeysProcedure } from './procedures.ts';
import { membersOwedKeys, rotationDue } from './rotation.ts';

/** What circles are changed with. */
export interface CircleMovesOptions {
  readonly agencyId: string;
  readonly ids: Ids;
  readonly randomness: Randomness;
  readonly store: Pick<KeyStore, 'insertSet' | 'keysOf'>;
  /** Number of the node's incarnation now. */
  readonly incarnation: () => number;
  /** Whether something can be sealed to an agency that has told no pair of a case. */
  readonly isReady: (agency: string) => boolean;
  /** Whether something can be sealed to a member of a circle in this state. */
  readonly canSealTo: (state: CaseKeysState, caseId: string, agency: string) => boolean;
}

/** A circle that is to change. */
export interface CircleMove {
  readonly caseId: string;
  /** As it was read in the transaction of the turn. */
  readonly before: CaseKeysState;
  /** None: only the epoch may move on. */
  readonly changes: readonly CircleStep[];
  /** Why an epoch begins: where one is due then, or anyhow. */
  readonly because: 'DUE' | 'ORDERED';
}

/**
 * Changes circles, each time in one append: who comes or goes, the epoch that follows from it, and the keys that are owed then, as
 * far as anything can be sealed to whom they are owed. So no committed circle owes an epoch, and nobody has to be woken to grant
 * what could be granted at once.
 */
export class CircleMoves {
  readonly #options: CircleMovesOptions;

  constructor(options: CircleMovesOptions) {
    this.#options = options;
  }

  /**
   * @returns the keys of the epoch that began; null when none has
   * @throws DomainError as the decider; StreamMovedError another transaction begins an epoch of the case
   */
  async move(turn: KeyTurn, { caseId, before, changes, because }: CircleMove): Promise<CaseKeySet | null> {
    const changed = decideSteps(changes, before);
    const set = this.#nextSet(turn, caseId, changed.state, because);
    if (changed.events.length === 0 && set === null) return null;
    const beginning = set === null ? [] : [this.#beginning(turn, set, changed.state, because)];
    const { state } = decideSteps(beginning, changed.state);
    const { grants, held } = await this.#grants(turn, caseId, state, set);
    const command = { type: 'MoveCircle', caseId, steps: [...changes, ...beginning, ...grants] } as const;
    const moved = await turn.run({ procedure: caseKeysProcedure(handOverOf(held)), id: caseId, command });
    return set === null ? null : this.#begun(turn, set, moved.events as unknown as readonly CaseKeysEvent[]);
  }

  /** Keys of an epoch that is due on a circle, or ordered; null where none is to begin. */
  #nextSet(turn: KeyTurn, caseId: string, state: CaseKeysState, because: CircleMove['because']): CaseKeySet | null {
    const { randomness, incarnation } = this.#options;
    const open = openEpochOf(state);
    if (open === undefined) return null;
    const isDue = rotationDue(state, { incarnation: incarnation(), now: turn.now }) !== null;
    return isDue || because === 'ORDERED' ? makeCaseKeySet(caseId, open.epoch + 1, randomness) : null;
  }

  #beginning(
    { now }: KeyTurn,
    set: CaseKeySet,
    state: CaseKeysState,
    because: CircleMove['because'],
  ): CircleStep & { readonly type: 'BeginEpoch' } {
    const { isReady, incarnation } = this.#options;
    const unready = auditorsOf(state).flatMap(({ agency }) => (isReady(agency) ? [] : [agency]));
    const asked = { caseId: set.caseId, names: namesOfSet(set), because, unready };
    return { type: 'BeginEpoch', incarnation: incarnation(), now, ...asked };
  }

  /** What can be given of what a circle owes, with the keys for it. */
  async #grants(
    turn: KeyTurn,
    caseId: string,
    state: CaseKeysState,
    set: CaseKeySet | null,
  ): Promise<{ readonly grants: readonly CircleStep[]; readonly held: readonly HeldKey[] }> {
    const { agencyId: by, ids, store, canSealTo } = this.#options;
    const ready = state.isErased ? [] : membersOwedKeys(state).filter((to) => canSealTo(state, caseId, to));
    if (ready.length === 0) return { grants: [], held: [] };
    const members = ready.flatMap((to) => memberOf(state, to) ?? []);
    const fresh = set === null ? [] : keysOfEpoch(set, by);
    const known = new Set(fresh.map(({ key: { keyId } }) => keyId));
    const isEnough = members.every((member) => keysOwedTo(state, member).every(({ keyId }) => known.has(keyId)));
    const held = isEnough ? fresh : [...(await store.keysOf(turn.transaction, caseId)), ...fresh];
    const inHand = held.flatMap(({ source, key: { keyId } }) => (source === by ? [keyId] : []));
    const to = members.map(({ agency, memberKeyX }) => ({ agency, memberKeyX, grantId: ids.uuid() }));
    return { grants: [{ type: 'GrantOwed', caseId, by, to, inHand, now: turn.now }], held };
  }

  /** Keeps the keys of an epoch that began, and gives them to the auditors. */
  async #begun(turn: KeyTurn, set: CaseKeySet, events: readonly CaseKeysEvent[]): Promise<CaseKeySet | null> {
    const begun: readonly BeginningOfEpoch[] = events.filter((event) => event.type === 'EpochBegun');
    if (begun.length === 0) return null; // keys that no event names would be sealed under all the same
    if (begun.some(({ data }) => 'epoch' in data && data.epoch !== set.epoch)) {
      throw new StreamMovedError(circleStreamOf(set.caseId), undefined);
    }
    const { agencyId, ids, store } = this.#options;
    await store.insertSet(turn.transaction, set, turn.now);
    const procedure = caseGrantProcedure(handOverOf(keysOfEpoch(set, agencyId)));
    for (const { to, cases } of auditorGrants(begun, agencyId)) {
      const grantId = ids.uuid();
      const command = { type: 'GrantCases' as const, grantId, to, cases, now: turn.now };
      await turn.run({ procedure, id: grantId, command });
    }
    return set;
  }
}
