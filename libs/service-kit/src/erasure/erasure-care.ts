import { type Clock, type Instant, instantAfter } from '@acogida/core';
import { StreamMovedError } from '@acogida/event-store';
import type { PostponementReason } from '@acogida/reference';
import type { Forgotten, KeyRing, KeyStore } from '@acogida/sealing';
import type { CaseCircles } from '../case-keys/case-circles.ts';
import { handOverNothing } from '../case-keys/hand-over.ts';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import type { OfferKeyCare } from '../case-keys/offer-key-care.ts';
import { caseKeysProcedure } from '../case-keys/procedures.ts';
import { deadlineRule } from '../deadlines/deadline-rule.ts';
import type { DeadlineStore, DueDeadline } from '../deadlines/port.ts';
import { answersOwed, type ErasureState, receiptsOwed } from './erasure.ts';
import type { ErasureCommand } from './erasure-commands.ts';
import { type ErasureDeadline, erasureDeadlines } from './erasure-deadlines.ts';
import { erasureProcedure } from './erasure-procedure.ts';
import { type CaseHoldings, eraseLocally } from './erase-locally.ts';
import { hasOpenReferral, hasReferral, type Reach, reachOf, type ReachParts } from './reach.ts';
import { speakersFor, speaksFor, tiesOf } from './who-may-order.ts';

/** How long a word on its way to a retired offer key still opens, in ms: a day. */
export const OFFER_KEY_GRACE_MS = 24 * 60 * 60 * 1000;
/** How long it is waited, at most, for having read what others said, in ms: an hour. */
export const CATCH_UP_MS = 60 * 60 * 1000;
/** How long others have, after a start, to publish what they sealed while nobody could, in ms: ten minutes. */
export const SETTLING_MS = 10 * 60 * 1000;
/** When a node that has not read everything looks again, in ms. */
const LOOK_AGAIN_MS = 60 * 1000;
/** When an erasure that something stands against is tried again, in ms. */
const REVIEW_MS = 60 * 60 * 1000;
/** When a word to one agency that could not be sealed is tried again, in ms. */
const RECEIPT_RETRY_MS = 60 * 60 * 1000;
/** Most erasures that share one step. */
const BATCH = 500;

/** Says what an erasure has to wait for, or null (architecture.md §5: open holds and departures). */
export type ErasureObstacle = (turn: KeyTurn, caseId: string) => Promise<PostponementReason | null>;

/** What a node erases with. */
export interface ErasureCareOptions extends ReachParts, Omit<CaseHoldings, 'keyStore' | 'deadlines'> {
  readonly keyStore: Pick<KeyStore, 'forget' | 'beginErasure' | 'keysOf' | 'renewMasterKey'>;
  readonly ring: Pick<KeyRing, 'drop'>;
  readonly clock: Clock;
  readonly circles: Pick<CaseCircles, 'everybody' | 'members' | 'isReady' | 'standing'> | null;
  readonly offerKeys: Pick<OfferKeyCare, 'retireLive' | 'destroy'> | null;
  /** Asked once the node runs. */
  readonly deadlineStore: () => DeadlineStore;
  readonly obstacles?: readonly ErasureObstacle[];
  /** Says that what withdrawals of consent left for a legal hold is gone with it; left out where a node has no consent desk. */
  readonly answerWithdrawals?: (turn: KeyTurn, caseId: string) => Promise<void>;
  /** Whether everything that others have said by now is read here. */
  readonly hasReadAll: () => Promise<boolean>;
  /** `OFFER_KEY_GRACE_MS` by default. */
  readonly graceMs?: number | undefined;
}

const NOTHING: Forgotten = { caseIds: [], keyIds: [], memberHints: [], channelIds: [], offerKeyIds: [] };

/**
 * Erases cases at one node, step by step, each in the turn of a deadline and in its transaction, so that a crash repeats it:
 * destroy; retire the offer keys that something of the case may have come under; destroy those after a grace; renew the master
 * key, so that no copy opens; give the receipt.
 */
export class ErasureCare {
  readonly #options: ErasureCareOptions;
  /** What others have on the log says nothing of what is still in their outboxes: after an outage all start at once. */
  readonly #settledAt: Instant;
  /** How long it is waited for what is not read; null: nothing is waited for. An agency that cannot be followed keeps nothing for ever. */
  #patientUntil: Instant | null = null;
  /** Everything that others had said by then is read; null: that was not found yet. */
  #readThrough: Instant | null = null;

  constructor(options: ErasureCareOptions) {
    this.#options = options;
    const { clock, graceMs = OFFER_KEY_GRACE_MS } = options;
    this.#settledAt = instantAfter(clock.now(), Math.min(graceMs, SETTLING_MS));
  }

  /** Who may have something of a case that is erased: whom an order is passed on to. */
  reach(turn: KeyTurn, caseId: string): Promise<Reach> {
    return reachOf(turn, caseId, this.#options);
  }

  /**
   * Who is to hear of an order of this agency, and owes a receipt: everybody, where it speaks for the case. Else only those that it
   * referred the case to: nobody else would believe it, and it would wait for them in vain. With the key of the network all hear it.
   */
  async reachOfOwnOrder(turn: KeyTurn, caseId: string): Promise<Reach> {
    const reach = await this.reach(turn, caseId);
    if (!this.sealsToOne) return reach;
    const ties = await tiesOf(turn, caseId, this.#options);
    const { agencyId } = turn.node;
    const speakers = speakersFor(ties, agencyId);
    if (speakers.length === 0 || speaksFor(speakers, agencyId, turn)) return reach;
    const believesOthers = [ties.holder, ...ties.openers, ...ties.referrers];
    const isAsked = (agency: string): boolean => ties.receivers.includes(agency) && !believesOthers.includes(agency);
    const sealedTo = reach.copies.sealedTo.filter(isAsked);
    return { agencies: reach.agencies.filter(isAsked), copies: { toCircle: false, sealedTo } };
  }

  /** Whether the word of an agency that a case is to be erased counts here: `speakersFor`. */
  async mayOrder(turn: KeyTurn, caseId: string, agency: string): Promise<boolean> {
    return speaksFor(speakersFor(await tiesOf(turn, caseId, this.#options), turn.node.agencyId), agency, turn);
  }

  /** Whether this agency has anything of a case: sealed, or a referral. */
  async isKnown({ transaction }: Pick<KeyTurn, 'transaction'>, caseId: string): Promise<boolean> {
    const { keyStore, definition } = this.#options;
    if ((await keyStore.keysOf(transaction, caseId)).length > 0) return true;
    return hasReferral(transaction, caseId, definition);
  }

  /** Whether words to one agency alone are sealed here. */
  get sealsToOne(): boolean {
    return this.#options.circles !== null;
  }

  /** What erasures wait for, for the deadlines of a node. */
  deadlines() {
    return deadlineRule({
      procedure: erasureProcedure,
      revision: 2,
      openIn: erasureDeadlines,
      handle: (due, turn) => this.#handle(due, turn),
    });
  }

  async #handle({ kind, id: caseId }: DueDeadline<ErasureDeadline>, turn: KeyTurn): Promise<void> {
    switch (kind) {
      case 'END_LEGAL_HOLD':
        return this.#run(turn, { type: 'EndLegalHold', caseId, now: turn.now });
      case 'ANSWER_WITHDRAWALS':
        await this.#options.answerWithdrawals?.(turn, caseId);
        return this.#run(turn, { type: 'NoteWithdrawalsAnswered', caseId, now: turn.now });
      case 'ERASE_CASE':
        return this.#erase(turn, caseId);
      case 'RETIRE_OFFER_KEYS':
        return this.#retire(turn, caseId);
      case 'DESTROY_OFFER_KEYS':
        return this.#destroy(turn, caseId);
      case 'RENEW_MASTER_KEY':
        return this.#renew(turn, caseId);
      case 'GIVE_RECEIPT':
        return this.#giveReceipts(turn, caseId);
    }
  }

  async #erase(turn: KeyTurn, caseId: string): Promise<void> {
    const state = await this.#load(turn, caseId);
    if (state.orders.length === 0 || state.local !== null) return;
    const { now, node, transaction } = turn;
    const { handler } = node;
    const held = state.legalHold !== null && now < state.legalHold.until ? state.legalHold.until : null;
    const reason = held === null ? await this.#obstacleTo(turn, caseId) : 'LEGAL_HOLD';
    if (reason !== null) {
      await this.#postpone(turn, state, { caseId, reason, reviewOn: held ?? instantAfter(now, REVIEW_MS) });
      return;
    }
    const holdings = { ...this.#options, deadlines: this.#options.deadlineStore() };
    const endCircle = (): Promise<void> => this.#endCircle(turn, caseId);
    // What was recorded while the case was being closed is seen only now: the turn is taken again, and finds it.
    const askAgain = async (): Promise<void> => {
      if ((await this.#obstacleTo(turn, caseId)) !== null) throw new StreamMovedError('a case to be erased', undefined);
    };
    const erasure = await eraseLocally(transaction, caseId, { handler, endCircle, askAgain }, holdings);
    await this.#run(turn, { type: 'NoteErased', caseId, ...erasure, now });
  }

  /** Whoever ordered it is told alone as well, as with receipts: it may have left the circle. */
  async #postpone(
    turn: KeyTurn,
    { orders }: ErasureState,
    found: { readonly caseId: string; readonly reason: PostponementReason; readonly reviewOn: Instant },
  ): Promise<void> {
    const { circles } = this.#options;
    const { now } = turn;
    const canTell = circles && orders.map(({ orderedBy }) => orderedBy).filter((agency) => circles.isReady(agency));
    const retryAt = instantAfter(now, RECEIPT_RETRY_MS);
    await this.#run(turn, { type: 'PostponeErasure', ...found, canTell, retryAt, now });
  }

  async #endCircle({ now, run }: KeyTurn, caseId: string): Promise<void> {
    if (this.#options.circles === null) return;
    const procedure = caseKeysProcedure(handOverNothing);
    await run({ procedure, id: caseId, command: { type: 'NoteErased', caseId, now } });
  }

  async #obstacleTo(turn: KeyTurn, caseId: string): Promise<PostponementReason | null> {
    for (const obstacle of this.#options.obstacles ?? []) {
      const reason = await obstacle(turn, caseId);
      if (reason !== null) return reason;
    }
    return (await hasOpenReferral(turn.transaction, caseId, this.#options.definition)) ? 'OPEN_REFERRAL' : null;
  }

  /** Once for all that are committed by now: each had its last word under the keys that are live. */
  async #retire(turn: KeyTurn, dueCaseId: string): Promise<void> {
    const { offerKeys, ring, graceMs = OFFER_KEY_GRACE_MS } = this.#options;
    const caseIds = await this.#waitingFor('RETIRE_OFFER_KEYS', dueCaseId);
    ring.drop({ ...NOTHING, caseIds });
    const keyIds = (await offerKeys?.retireLive(turn)) ?? [];
    const { now } = turn;
    const destroyAt = keyIds.length === 0 ? now : instantAfter(now, graceMs);
    for (const caseId of caseIds) {
      await this.#run(turn, { type: 'NoteOfferKeysRetired', caseId, keyIds, destroyAt, now });
    }
  }

  /** Not before what came under them while the node was away is read: receipts, too. */
  async #destroy(turn: KeyTurn, caseId: string): Promise<void> {
    const { offerKeys } = await this.#load(turn, caseId);
    const { keyIds = [], destroyAt: dueAt = turn.now } = offerKeys ?? {};
    const { now } = turn;
    const waitsUntil = await this.#waitsUntil(dueAt, now);
    if (waitsUntil !== null) {
      await this.#run(turn, { type: 'NoteOfferKeysRetired', caseId, keyIds, destroyAt: waitsUntil, now });
      return;
    }
    await this.#options.offerKeys?.destroy(turn, keyIds);
    await this.#run(turn, { type: 'NoteOfferKeysDestroyed', caseId, now });
  }

  /** When it is to be looked again whether everything that was said by an instant is read here; null: it is, or the hour is over. */
  async #waitsUntil(saidBy: Instant, now: Instant): Promise<Instant | null> {
    const isRead = now >= this.#settledAt && (await this.#hasRead(saidBy));
    if (isRead) {
      this.#patientUntil = null;
      return null;
    }
    const { graceMs = OFFER_KEY_GRACE_MS } = this.#options;
    this.#patientUntil ??= instantAfter(now, Math.min(graceMs, CATCH_UP_MS));
    if (now >= this.#patientUntil) return null;
    const lookAgainAt = instantAfter(now, LOOK_AGAIN_MS);
    return lookAgainAt < this.#patientUntil ? lookAgainAt : this.#patientUntil;
  }

  /** Whether everything that was said by an instant is read here. Asked once for all whose keys go together. */
  async #hasRead(saidBy: Instant): Promise<boolean> {
    if (this.#readThrough !== null && this.#readThrough >= saidBy) return true;
    const askedAt = this.#options.clock.now();
    const isRead = await this.#options.hasReadAll();
    if (isRead) this.#readThrough = askedAt;
    return isRead;
  }

  /** Once for all that are committed by now. The keys are renewed in transactions of their own, which this one holds nothing of. */
  async #renew(turn: KeyTurn, dueCaseId: string): Promise<void> {
    const { keyStore, ring } = this.#options;
    const caseIds = await this.#waitingFor('RENEW_MASTER_KEY', dueCaseId);
    const states = await Promise.all(caseIds.map((caseId) => this.#load(turn, caseId)));
    const gone = states.filter(({ areOfferKeysGone }) => areOfferKeysGone);
    ring.drop({
      ...NOTHING,
      caseIds,
      offerKeyIds: [...new Set(gone.flatMap(({ offerKeys }) => offerKeys?.keyIds ?? []))],
    });
    const { generation } = await keyStore.renewMasterKey();
    for (const caseId of caseIds) await this.#run(turn, { type: 'NoteRenewed', caseId, generation, now: turn.now });
  }

  async #giveReceipts(turn: KeyTurn, caseId: string): Promise<void> {
    const { now } = turn;
    const { circles } = this.#options;
    const state = await this.#load(turn, caseId);
    for (const { erasureId, orderedBy } of answersOwed(state)) {
      const isReady = circles?.isReady(orderedBy) === true;
      const until = instantAfter(now, RECEIPT_RETRY_MS);
      if (isReady) await this.#run(turn, { type: 'StateNothingHeld', caseId, erasureId, now });
      else await this.#run(turn, { type: 'PostponeReceipt', caseId, erasureId, until });
    }
    for (const { erasureId, orderedBy } of receiptsOwed(state)) {
      if (circles === null || circles.isReady(orderedBy)) {
        const under = circles === null ? 'CIRCLE' : 'OFFER_KEY';
        await this.#run(turn, { type: 'GiveReceipt', caseId, erasureId, under, now });
      } else {
        const until = instantAfter(now, RECEIPT_RETRY_MS);
        await this.#run(turn, { type: 'PostponeReceipt', caseId, erasureId, until });
      }
    }
  }

  /** Cases whose erasure waits for this step, as far as that is committed, and the one whose turn it is. */
  async #waitingFor(step: ErasureDeadline, dueCaseId: string): Promise<readonly string[]> {
    const due = await this.#options.deadlineStore().due(this.#options.clock.now(), BATCH);
    const prefix = `${erasureProcedure.name}-`;
    const others = due.flatMap(({ stream, kind }) =>
      kind === step && stream.startsWith(prefix) ? [stream.slice(prefix.length)] : [],
    );
    return [...new Set([dueCaseId, ...others])];
  }

  async #load({ node, transaction }: KeyTurn, caseId: string): Promise<ErasureState> {
    return (await node.handler.load(erasureProcedure, caseId, transaction)).state;
  }

  async #run(turn: KeyTurn, command: ErasureCommand & { readonly caseId: string }): Promise<void> {
    await turn.run({ procedure: erasureProcedure, id: command.caseId, command });
  }
}
