import { type Forgotten, type KeyRing, type KeyStore, makeX25519Pair, type Randomness } from '@acogida/sealing';
import { deadlineRule } from '../deadlines/deadline-rule.ts';
import type { KeyTurn } from './key-turn.ts';
import { offerKeysDeadlines, type OfferKeysState, offerWeekDue, type OfferWeek } from './offer-keys.ts';
import { offerKeysProcedure } from './procedures.ts';

/** What offer keys are cared for with. */
export interface OfferKeyCareOptions {
  readonly agencyId: string;
  readonly randomness: Randomness;
  readonly store: Pick<KeyStore, 'insert' | 'offerKeys' | 'forget'>;
  readonly ring: Pick<KeyRing, 'offerPairs' | 'useOfferPairs' | 'drop'>;
}

/** How far another agency was received, for `retire`. */
export interface ReceivedThrough {
  readonly agency: string;
  readonly number: number;
}

/**
 * This agency's weekly offer keys (architecture.md §5): published two days ahead, destroyed 14 days after the last offer to them
 * has expired, or at once for an erasure. Public halves on the log, private halves in `keys.offer_key`, in one transaction.
 */
export class OfferKeyCare {
  readonly #options: OfferKeyCareOptions;

  constructor(options: OfferKeyCareOptions) {
    this.#options = options;
  }

  /** Publishes the keys that are due: for this week, for the next one, for both or none. To be done when the node starts, too. */
  async publish(turn: KeyTurn): Promise<void> {
    let state = await this.#load(turn);
    for (let week = offerWeekDue(state, turn.now); week !== null; week = offerWeekDue(state, turn.now)) {
      state = await this.#publishFor(turn, week);
    }
  }

  /**
   * As `publish`, and another key for each week that has one and is not over: others seal to the latest that they heard of, whose
   * private half may have gone with a database that was replaced by an older copy. What is on its way to the present ones opens
   * as before.
   */
  async publishAnew(turn: KeyTurn): Promise<void> {
    const { live } = await this.#load(turn);
    const weeks = new Map(live.map(({ validFrom, validThrough }) => [validFrom, { validFrom, validThrough }]));
    await this.publish(turn);
    for (const anew of weeks.values()) {
      if (anew.validThrough >= turn.now) await this.#publishFor(turn, anew, { anew });
    }
  }

  /** Destroys the keys whose time has come. One that an offer still needs stays. */
  async destroyDue(turn: KeyTurn): Promise<void> {
    const { store, ring } = this.#options;
    const ends = new Map((await store.offerKeys(turn.transaction)).map((key) => [key.keyId, key.destroyAfter]));
    for (const { keyId, keptUntil } of (await this.#load(turn)).live) {
      if (turn.now <= keptUntil) continue;
      const until = ends.get(keyId) ?? keptUntil;
      if (until >= turn.now) await this.#run(turn, { type: 'KeepOfferKey', keyId, until });
      else {
        const forgotten = await store.forget(turn.transaction, { offerKeyIds: [keyId] });
        await this.#run(turn, { type: 'NoteDestroyed', keyId, now: turn.now });
        ring.drop(forgotten);
      }
    }
  }

  /**
   * Destroys keys before their time, since something of a case that is being erased was sealed to them, and publishes others in
   * their place.
   *
   * @param receivedThrough how far each agency was received: what it offered later than that, it offers again
   * @returns what the ring is to drop once this is committed
   */
  async retire(
    turn: KeyTurn,
    keyIds: readonly string[],
    receivedThrough: readonly ReceivedThrough[],
  ): Promise<Forgotten> {
    for (const keyId of keyIds) {
      await this.#run(turn, { type: 'RetireOfferKey', keyId, receivedThrough, now: turn.now });
    }
    await this.publish(turn);
    return this.#options.store.forget(turn.transaction, { offerKeyIds: keyIds });
  }

  /**
   * Retires the keys that are live, since something of cases that are erased was sealed to them, and publishes others in their
   * place. What is on its way to them opens until `destroy`.
   *
   * @returns their names
   */
  async retireLive(turn: KeyTurn): Promise<readonly string[]> {
    const keyIds = (await this.#load(turn)).live.map(({ keyId }) => keyId);
    for (const keyId of keyIds) {
      await this.#run(turn, { type: 'RetireOfferKey', keyId, receivedThrough: [], now: turn.now });
    }
    if (keyIds.length > 0) await this.publish(turn);
    return keyIds;
  }

  /** Destroys the private halves of retired keys. The ring is to drop them once this is committed. */
  async destroy({ transaction }: Pick<KeyTurn, 'transaction'>, keyIds: readonly string[]): Promise<void> {
    await this.#options.store.forget(transaction, { offerKeyIds: keyIds });
  }

  /** What offer keys wait for, for the deadlines of a node. */
  deadlines() {
    return deadlineRule({
      procedure: offerKeysProcedure,
      revision: 1,
      openIn: offerKeysDeadlines,
      handle: async ({ kind }, turn) => {
        switch (kind) {
          case 'PUBLISH':
            await this.publish(turn);
            break;
          case 'DESTROY':
            await this.destroyDue(turn);
            break;
        }
      },
    });
  }

  async #publishFor(
    turn: KeyTurn,
    week: OfferWeek,
    order: { readonly anew?: OfferWeek } = {},
  ): Promise<OfferKeysState> {
    const { store, ring, randomness } = this.#options;
    const pair = makeX25519Pair(randomness);
    const keyId = nameFor(week, pair.x);
    await store.insert(turn.transaction, [{ kind: 'offer', keyId, pair, ...week }]);
    const { state } = await this.#run(turn, { type: 'PublishOfferKey', keyId, x: pair.x, now: turn.now, ...order });
    // Before it is committed: nobody seals to a key that was never published, and none that was may be missing here.
    ring.useOfferPairs([{ ...pair, keyId }, ...ring.offerPairs()]);
    return state;
  }

  async #load({ node, transaction }: KeyTurn): Promise<OfferKeysState> {
    return (await node.handler.load(offerKeysProcedure, this.#options.agencyId, transaction)).state;
  }

  #run(turn: KeyTurn, command: Parameters<typeof offerKeysProcedure.decider.decide>[0]) {
    return turn.run({ procedure: offerKeysProcedure, id: this.#options.agencyId, command });
  }
}

/**
 * Named after its Monday, and after itself: an agency that was restored from a copy does not know what it published since, and
 * others never take another key for one of the same name.
 */
function nameFor({ validFrom }: OfferWeek, x: string): string {
  return `offers-${validFrom.slice(0, 10)}.${x.slice(0, 10)}`;
}
