import type { Clock } from '@acogida/core';
import { KEY_BYTES } from './hkdf.ts';
import { Kek, MasterKeyLostError, type SecretPlace } from './kek.ts';
import {
  boundNameOf,
  KEY_TABLES,
  type KekRow,
  type KeyRows,
  type KeyTable,
  type StoredSecret,
  type WrappedSecret,
} from './key-rows.ts';
import { type Kms, KmsError } from './kms/port.ts';
import type { Randomness } from './randomness.ts';
import { SecretBytes } from './secret-bytes.ts';

/** How often a renewal goes over the rows again because some were written meanwhile. */
const ROUNDS = 10;

/** What the key-encryption keys are made of. */
export interface MasterKeyOptions {
  readonly rows: KeyRows;
  /** Of this node alone: renewing destroys versions of it. */
  readonly kms: Kms;
  readonly randomness: Randomness;
  readonly clock: Clock;
  /**
   * What to do when the newest generation does not open, because the KMS is another one or the database is a copy from before an
   * erasure: `refuse`, by default, or `begin-anew` with a new one, which an operator decides. What the lost one wrapped
   * stays closed and stays there.
   */
  readonly whenLost?: 'refuse' | 'begin-anew';
}

/** What a renewal did. */
export interface Renewal {
  readonly generation: number;
  /** Secrets that were wrapped again. */
  readonly rewrapped: number;
  /** Secrets that do not open with the generation of their row, because somebody changed it: they stay where they are, closed. */
  readonly damaged: number;
  /** Generations that are destroyed now. */
  readonly destroyed: readonly number[];
}

/** How far a renewal has come. */
interface Progress {
  rewrapped: number;
  damaged: number;
}

/**
 * The generations of the key-encryption key: one wraps, older ones still unwrap until a renewal has destroyed them. They are
 * unwrapped by the KMS once, at start, so wrapping and unwrapping secrets is synchronous.
 */
export class MasterKeys {
  readonly #options: MasterKeyOptions;
  readonly #keks = new Map<number, Kek>();
  /** Generations that the KMS does not open. */
  readonly #lost = new Set<number>();
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: MasterKeyOptions) {
    this.#options = options;
  }

  /**
   * Unwraps what is there, and makes the first generation in an empty database.
   *
   * @throws MasterKeyLostError; KmsError `KMS.UNAVAILABLE` or `KMS.REFUSED`
   */
  static async open(options: MasterKeyOptions): Promise<MasterKeys> {
    const keys = new MasterKeys(options);
    const newest = await keys.refresh();
    if (newest !== null && keys.#keks.has(newest)) return keys;
    if (newest !== null && options.whenLost !== 'begin-anew') {
      throw new MasterKeyLostError('the KMS does not open the newest key-encryption key of this database');
    }
    await keys.#begin(false);
    return keys;
  }

  /** The generation that wraps. */
  get generation(): number {
    return Math.max(...this.#keks.keys());
  }

  /** Generations that secrets are unwrapped with, oldest first. */
  generations(): readonly number[] {
    return [...this.#keks.keys()].sort((one, other) => one - other);
  }

  /** Whether a generation is known: it unwraps, or the KMS does not open it. */
  knows(generation: number): boolean {
    return this.#keks.has(generation) || this.#lost.has(generation);
  }

  wrap(place: SecretPlace, secret: SecretBytes): WrappedSecret {
    const kek = this.#kek(this.generation);
    return { generation: kek.generation, wrapped: kek.wrap(place, secret) };
  }

  /** Null when the generation is lost, or did not wrap this for that place. */
  unwrap(place: SecretPlace, { generation, wrapped }: WrappedSecret): SecretBytes | null {
    return this.#keks.get(generation)?.unwrap(place, wrapped) ?? null;
  }

  /**
   * Takes in generations that another process of the node began, lets go of those that it destroyed, and returns the newest; null
   * when there is none.
   *
   * @throws KmsError
   */
  async refresh(): Promise<number | null> {
    const { rows, kms } = this.#options;
    const known = this.generations();
    const stored = await rows.inTransaction((transaction) => rows.keks(transaction));
    for (const row of stored) {
      if (this.knows(row.generation)) continue;
      const kek = await unwrapped(kms, row);
      if (kek === null) this.#lost.add(row.generation);
      else this.#keks.set(row.generation, kek);
    }
    const kept = new Set(stored.map(({ generation }) => generation));
    for (const generation of known) if (!kept.has(generation)) this.#keks.delete(generation);
    return stored.at(-1)?.generation ?? null;
  }

  /**
   * Makes everything that is not in the database any more unreadable in every copy of it (architecture.md §5, Erasure): begins a
   * generation under a new version of the master key, wraps what survives again, destroys the older generations, and with
   * them the older versions in the KMS. Interrupted anywhere, it loses nothing; to be called again until it returns. Those of
   * one process wait for each other; of two processes one may be rejected, and nothing is lost either.
   *
   * @param batch how many secrets are wrapped again in one transaction
   * @throws KmsError; Error while other processes go on writing under an older generation
   */
  async renew(batch = 5000): Promise<Renewal> {
    const turn = this.#turn.then(() => this.#renew(batch));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #renew(batch: number): Promise<Renewal> {
    const generation = await this.#begin(true);
    const destroyed: number[] = [];
    const progress: Progress = { rewrapped: 0, damaged: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      await this.refresh();
      for (const table of KEY_TABLES) await this.#rewrap(table, batch, progress);
      const { removed, needed } = await this.#retire();
      destroyed.push(...removed);
      if (needed) continue;
      await this.#destroyVersions();
      return { generation, ...progress, destroyed };
    }
    throw new Error('secrets are still being written under an older generation');
  }

  /** Alone, so that versions of the master key rise with the generations, and none is destroyed that is about to be used. */
  async #begin(isRotating: boolean): Promise<number> {
    const { rows, kms, randomness, clock } = this.#options;
    const secret = new SecretBytes(randomness.bytes(KEY_BYTES));
    const kek = await rows.alone(async (transaction) => {
      if (isRotating) await kms.rotate();
      const { version, wrapped } = await kms.wrap(secret);
      const newest = (await rows.keks(transaction)).at(-1)?.generation ?? 0;
      const row = { generation: newest + 1, kmsVersion: version, wrapped, createdAt: clock.now() };
      await rows.addKek(transaction, row);
      return new Kek(row.generation, version, secret);
    });
    this.#keks.set(kek.generation, kek);
    secret.wipe();
    return kek.generation;
  }

  async #rewrap(table: KeyTable, limit: number, progress: Progress): Promise<void> {
    const { rows } = this.#options;
    let after = '';
    for (;;) {
      const page = await rows.inTransaction(async (transaction) => {
        const found = await rows.wrappedBefore(transaction, table, { generation: this.generation, after, limit });
        const again = found.flatMap((secret) => this.#wrappedAgain(table, secret, progress));
        if (again.length > 0) await rows.rewrap(transaction, table, again);
        return found;
      });
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.rowId;
    }
  }

  #wrappedAgain(
    table: KeyTable,
    stored: StoredSecret,
    progress: Progress,
  ): readonly (StoredSecret & { readonly before: number })[] {
    const { rowId, generation: before } = stored;
    const kek = this.#keks.get(before);
    if (kek === undefined) return [];
    const place = { table, rowId: boundNameOf(table, rowId) };
    const secret = kek.unwrap(place, stored.wrapped);
    if (secret === null) {
      // Carried along as it is. Left behind, one damaged row would keep its generation, and no erasure would ever be complete.
      progress.damaged += 1;
      return [{ rowId, before, generation: this.generation, wrapped: stored.wrapped }];
    }
    const again = { rowId, before, ...this.wrap(place, secret) };
    secret.wipe();
    progress.rewrapped += 1;
    return [again];
  }

  /** Destroys what no generation needs that is left: alone, since one that is just being begun cannot be seen yet. */
  async #destroyVersions(): Promise<void> {
    const { rows, kms } = this.#options;
    await rows.alone(async (transaction) => {
      const left = (await rows.keks(transaction)).filter(({ generation }) => !this.#lost.has(generation));
      const needed = left.map(({ generation, kmsVersion }) => this.#keks.get(generation)?.kmsVersion ?? kmsVersion);
      await kms.destroyBelow(Math.min(...needed));
    });
  }

  async #retire(): Promise<{ readonly removed: readonly number[]; readonly needed: boolean }> {
    const { rows } = this.#options;
    const removed: number[] = [];
    let needed = false;
    for (const generation of this.generations().filter((older) => older < this.generation)) {
      if (await rows.removeKek(generation)) {
        this.#keks.delete(generation);
        removed.push(generation);
      } else needed = true;
    }
    return { removed, needed };
  }

  #kek(generation: number): Kek {
    const kek = this.#keks.get(generation);
    if (kek === undefined) throw new RangeError('no such generation of the key-encryption key');
    return kek;
  }
}

async function unwrapped(kms: Kms, { generation, kmsVersion, wrapped }: KekRow): Promise<Kek | null> {
  try {
    const secret = await kms.unwrap({ version: kmsVersion, wrapped });
    const kek = new Kek(generation, kmsVersion, secret);
    secret.wipe();
    return kek;
  } catch (error) {
    if (error instanceof KmsError && error.code === 'KMS.UNWRAP_REFUSED') return null;
    throw error;
  }
}
