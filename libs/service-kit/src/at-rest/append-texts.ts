import type {
  AppendSealing,
  EventPlace,
  KeptBytes,
  KeptPlace,
  KeptText,
  ReadModelWriter,
  SealForOutbox,
  StreamGuard,
} from '@acogida/event-store';
import { type CaseKeySet, MissingKeyError, protectEvent, protectText, type SealingKey } from '@acogida/sealing';
import {
  type CircleSnapshot,
  type CircleSnapshots,
  circleStreamOf,
  sealedUnder,
} from '../case-keys/circle-snapshots.ts';

/** The keys of a case that one append uses. */
export interface KeysInHand {
  readonly own: SealingKey;
  /** All of the open epoch; null where the own key alone was found. */
  readonly set: CaseKeySet | null;
  /** They are made for this append, and kept with it. */
  readonly begins: boolean;
  /** Whose keys these are; null where nothing is sealed by them. */
  readonly circle: CircleSnapshot | null;
  /** The circle is opened by the same append: it need not be where it was. */
  readonly opensCircle: boolean;
}

/** What seals with the keys of cases, under the epoch that the streams of their circles name. */
export interface CircleSealing {
  readonly snapshots: CircleSnapshots;
  /** Seals with the set that it is given for a case. */
  readonly seal: (setOf: (caseId: string) => CaseKeySet | undefined) => SealForOutbox;
}

/** Keys that begin with the append. */
export function beginning(hand: Omit<KeysInHand, 'own' | 'set'>, set: CaseKeySet): KeysInHand {
  return { ...hand, own: set.keys.own, set, begins: true };
}

/** What `AppendTexts` leaves to whoever gave it the keys. */
export interface AppendTextsParts {
  /** By case. An error: why there are none for it; then only what needs them fails. */
  readonly keys: ReadonlyMap<string, KeysInHand | Error>;
  /** Seals with the set that it is given for a case; left out: the store seals by itself. */
  readonly seal?: ((setOf: (caseId: string) => CaseKeySet | undefined) => SealForOutbox) | undefined;
  /**
   * Writes the keys that began, in the transaction of the append, and keeps further cases from being erased until it ends: those that
   * no guard stands for.
   */
  readonly keep: (writer: ReadModelWriter, begun: readonly CaseKeySet[], held: readonly string[]) => Promise<void>;
  /** It is committed: these keys began with it, and these cases were held. */
  readonly onCommitted: (begun: readonly CaseKeySet[], held: ReadonlySet<string>) => void;
}

/** Encrypts and seals the texts of one transaction, all under the keys that were chosen before. */
export class AppendTexts implements AppendSealing {
  readonly seal?: SealForOutbox;
  readonly guardOf?: (caseId: string) => StreamGuard | null;
  readonly #parts: AppendTextsParts;
  readonly #used = new Set<CaseKeySet>();
  /** Cases whose keys stood before, and that nothing else guards. */
  readonly #unguarded = new Set<string>();
  /** A set that was used by refused requests alone is not written. */
  #kept: readonly CaseKeySet[] = [];

  constructor(parts: AppendTextsParts) {
    this.#parts = parts;
    if (parts.seal === undefined) return;
    this.seal = parts.seal((caseId) => this.#setToSealUnder(caseId));
    this.guardOf = (caseId) => this.#guardOf(caseId);
  }

  protect(caseId: string | null, place: KeptPlace, text: string): KeptText {
    if (caseId === null) return { text, sealedBy: null };
    const { own } = this.#use(caseId);
    return { text: protectText(own, place, text), sealedBy: own.keyId };
  }

  protectEvent(caseId: string, place: EventPlace, text: string): KeptBytes {
    const { own } = this.#use(caseId);
    return { bytes: protectEvent(own, place, text), sealedBy: own.keyId };
  }

  async keepKeys(writer: ReadModelWriter): Promise<void> {
    if (this.#unguarded.size === 0 && this.#used.size === 0) return;
    const used = [...this.#used];
    await this.#parts.keep(writer, used, [...this.#unguarded]);
    this.#kept = used;
  }

  committed(): void {
    this.#parts.onCommitted(this.#kept, this.#unguarded);
  }

  #use(caseId: string): KeysInHand {
    const keys = this.#parts.keys.get(caseId);
    if (keys === undefined) throw new MissingKeyError('the case was not named before');
    if (keys instanceof Error) throw keys;
    if (!keys.begins) {
      if (guardBy(keys) === null) this.#unguarded.add(caseId);
    } else if (keys.set !== null) {
      this.#used.add(keys.set);
    }
    return keys;
  }

  /** None of a circle that nobody opened: whoever is to read along could never be given its keys. */
  #setToSealUnder(caseId: string): CaseKeySet | undefined {
    const { circle, set } = this.#use(caseId);
    return circle !== null && set !== null && sealedUnder(circle) === set.subject ? set : undefined;
  }

  #guardOf(caseId: string): StreamGuard | null {
    const keys = this.#parts.keys.get(caseId);
    if (keys === undefined || keys instanceof Error) return null;
    const version = guardBy(keys);
    return version === null ? null : { stream: circleStreamOf(caseId), version };
  }
}

/** The version of the circle that guards the keys; null: none does. */
function guardBy({ opensCircle, circle }: KeysInHand): number | null {
  return opensCircle || circle === null || circle.version === 0 ? null : circle.version;
}
