import type { Transaction } from '@acogida/event-store';
import {
  ErasedError,
  isOfErasedCase,
  keyIdAtRest,
  type KeyRing,
  type KeyStore,
  MissingKeyError,
  protectText,
  revealText,
} from '@acogida/sealing';
import type { VaultField } from './vault-access.ts';

/** Where a cell stands: what is sealed for it opens nowhere else. */
export interface CellPlace {
  readonly caseId: string;
  /** `SOUGHT`: who another agency asked about, beside the case that it may be. */
  readonly field: VaultField | 'SOUGHT';
  /** From 1; one more each time that the field is written. */
  readonly version: number;
}

/** Seals the cells of the vault under their case's own key (architecture.md §5). */
export interface CellSealer {
  /** An erasure of the case waits until the transaction ends. @throws MissingKeyError no keys of the case here; ErasedError it was erased */
  seal(transaction: Transaction, cells: readonly (CellPlace & { readonly text: string })[]): Promise<readonly string[]>;
  /** @throws ErasedError the case's keys were destroyed; BrokenSealError a cell that was moved or changed */
  open(
    transaction: Transaction,
    cells: readonly (CellPlace & { readonly sealed: string })[],
  ): Promise<readonly string[]>;
}

function placeOf({ caseId, field, version }: CellPlace) {
  return { use: 'vault', caseId, field, version } as const;
}

/** Seals with the keys of the node's store; looks for those that are not in memory. */
export class KeyStoreCellSealer implements CellSealer {
  readonly #agencyId: string;
  readonly #ring: KeyRing;
  readonly #keyStore: Pick<KeyStore, 'load' | 'holdCases'>;

  constructor(
    agencyId: string,
    keys: { readonly ring: KeyRing; readonly keyStore: Pick<KeyStore, 'load' | 'holdCases'> },
  ) {
    this.#agencyId = agencyId;
    this.#ring = keys.ring;
    this.#keyStore = keys.keyStore;
  }

  async seal(
    transaction: Transaction,
    cells: readonly (CellPlace & { readonly text: string })[],
  ): Promise<readonly string[]> {
    const cases = [...new Set(cells.map(({ caseId }) => caseId))];
    if (cases.length > 0) await this.#hold(transaction, cases);
    const unknown = cases.filter((caseId) => this.#ring.current(caseId) === undefined);
    if (unknown.length > 0) await this.#keyStore.load(transaction, { cases: unknown });
    return cells.map((cell) => {
      const key = this.#ring.current(cell.caseId)?.keys.own;
      if (key === undefined) throw new MissingKeyError('the case has no keys at this node');
      return protectText(key, placeOf(cell), cell.text);
    });
  }

  async #hold(transaction: Transaction, cases: readonly string[]): Promise<void> {
    try {
      await this.#keyStore.holdCases(transaction, cases);
    } catch (error) {
      throw isOfErasedCase(error) ? new ErasedError('the case was erased') : error;
    }
  }

  async open(
    transaction: Transaction,
    cells: readonly (CellPlace & { readonly sealed: string })[],
  ): Promise<readonly string[]> {
    const keyIds = [...new Set(cells.flatMap(({ sealed }) => keyIdAtRest(sealed) ?? []))];
    const unknown = keyIds.filter((keyId) => this.#ring.keyOf(keyId, this.#agencyId) === undefined);
    if (unknown.length > 0) await this.#keyStore.load(transaction, { keyIds: unknown });
    return cells.map((cell) => {
      const key = this.#ring.keyOf(keyIdAtRest(cell.sealed) ?? '', this.#agencyId)?.key;
      if (key === undefined) throw new ErasedError('the key of this cell was destroyed');
      return revealText(key, placeOf(cell), cell.sealed);
    });
  }
}
