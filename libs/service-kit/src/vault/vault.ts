import { DomainError, type Instant, type Json } from '@acogida/core';
import { inTransaction, type Transaction } from '@acogida/event-store';
import { ErasedError, MissingKeyError } from '@acogida/sealing';
import type pg from 'pg';
import type { AuditKind } from '../audit/audit-entry.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { IdentityTokens } from '../identity-search/identity-tokens.ts';
import { SEARCHED_FIELDS } from '../identity-search/vault-elements.ts';
import type { CellSealer } from './cell-sealer.ts';
import { readableFields, type ReadPurpose, type VaultField } from './vault-access.ts';

/** What is written of a field; null takes it away. */
export type VaultValues = Readonly<Partial<Record<VaultField, Json>>>;

/** Who does something with identity, and when. */
export interface VaultActor {
  /** Token subject, or `<agency>.<policy>`. */
  readonly subject: string;
  readonly roles: readonly string[];
  readonly at: Instant;
}

/** The consent that identity came under, and when it was given. */
export interface CellConsent {
  readonly consentId: string;
  readonly givenAt: Instant;
}

/** What was read, with when it was last written. Only fields that are there. */
export interface VaultReading {
  readonly values: VaultValues;
  /** Kept, but not shown: the consent that they came under is over, or was withdrawn while a legal hold stands. */
  readonly withheld: readonly VaultField[];
  /** Of what is shown; null when that is nothing. */
  readonly updatedAt: Instant | null;
}

/** For whom and for what is read. */
export interface VaultRead {
  readonly actor: VaultActor;
  readonly purpose: ReadPurpose;
  /** Whether a consent is in force now: what came under one is shown no longer than that (domain.md §1.3). */
  readonly isInForce: (consentId: string) => boolean;
}

interface CellRow {
  readonly field: VaultField;
  readonly version: number;
  readonly sealed: string;
  readonly updated_at: Date;
  readonly consent_id: string | null;
  readonly is_withdrawn: boolean;
}

/** What a vault is made of. */
export interface VaultParts {
  readonly pool: pg.Pool;
  readonly sealer: CellSealer;
  readonly audit: AuditLog;
  /** What the search finds cases by; without it they are indexed before the next search. */
  readonly tokens?: Pick<IdentityTokens, 'keep'>;
}

/**
 * The one place of a node where names, documents, contact and free text stand (architecture.md §5): sealed under keys of the
 * case, read field by field by role and purpose (INV-17), each read and each refusal in the audit.
 */
export class Vault {
  readonly #parts: VaultParts;

  constructor(parts: VaultParts) {
    this.#parts = parts;
  }

  /**
   * Writes fields; those that are left out stay as they are. In the caller's transaction.
   *
   * @param consent that they came under, null for what this agency took down itself
   * @throws DomainError VAULT.NO_KEYS: nothing of the case was recorded here
   */
  async put(
    transaction: Transaction,
    caseId: string,
    values: VaultValues,
    { consent, actor }: { readonly consent: CellConsent | null; readonly actor: VaultActor },
  ): Promise<void> {
    const [consentId, givenAt] = [consent?.consentId ?? null, consent?.givenAt ?? null];
    await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`vault ${caseId}`]);
    const entries = Object.entries(values) as [VaultField, Json][];
    const gone = entries.filter(([, value]) => value === null).map(([field]) => field);
    const kept = entries.filter(([, value]) => value !== null);
    const versions = new Map((await cellsOf(transaction, caseId)).map(({ field, version }) => [field, version]));
    const cells = kept.map(([field, value]) => ({
      ...{ caseId, field, version: (versions.get(field) ?? 0) + 1, text: JSON.stringify(value) },
    }));
    const sealed = await this.#seal(transaction, cells);
    await transaction.query('DELETE FROM vault.cell WHERE case_id = $1 AND field = ANY($2)', [caseId, gone]);
    const rows = cells.map(({ field, version }, index) => ({ field, version, sealed: sealed[index] }));
    await transaction.query(
      `INSERT INTO vault.cell (case_id, field, version, sealed, consent_id, consent_given_at, updated_at, updated_by)
       SELECT $1, field, version, sealed, $3, $4, $5, $6 FROM jsonb_to_recordset($2::jsonb) AS cell (field text, version int, sealed text)
       ON CONFLICT (case_id, field) DO UPDATE SET version = excluded.version, sealed = excluded.sealed,
         consent_id = excluded.consent_id, consent_given_at = excluded.consent_given_at, updated_at = excluded.updated_at, updated_by = excluded.updated_by,
         withdrawn_at = NULL`,
      [caseId, JSON.stringify(rows), consentId, givenAt, actor.at, actor.subject],
    );
    const isSearched = entries.some(([field]) => SEARCHED_FIELDS.some((one) => one === field));
    if (isSearched) await this.#parts.tokens?.keep(transaction, caseId);
    const details = [...named(kept.map(([field]) => field)), ...removed(gone)];
    await this.#note(transaction, 'WRITE', caseId, actor, details, consentId);
  }

  /**
   * Reads fields for a purpose.
   *
   * @param wanted null for all that the roles may read for it
   * @throws DomainError VAULT.FIELD_DENIED (forbidden): one of them is not for these roles and this purpose; none is read, and
   * the refusal is kept. CASE_ERASED (gone)
   */
  async read(
    caseId: string,
    wanted: readonly VaultField[] | null,
    { actor, purpose, isInForce }: VaultRead,
  ): Promise<VaultReading> {
    const allowed = readableFields(actor.roles, purpose);
    const fields = wanted ?? allowed;
    const denied = fields.filter((field) => !allowed.includes(field));
    if (denied.length > 0 || fields.length === 0) throw await this.#refuse(caseId, denied, actor, purpose);
    return inTransaction(this.#parts.pool, async (transaction) => {
      const kept = (await cellsOf(transaction, caseId)).filter(({ field }) => fields.includes(field));
      const cells = kept.filter(
        ({ consent_id: consentId, is_withdrawn }) => !is_withdrawn && (consentId === null || isInForce(consentId)),
      );
      const withheld = kept.filter((cell) => !cells.includes(cell)).map(({ field }) => field);
      await this.#note(transaction, 'READ', caseId, actor, [
        `purpose:${purpose}`,
        ...named(cells.map(({ field }) => field)),
        ...withheld.map((field) => `withheld:${field}`),
      ]);
      const texts = await this.#open(transaction, caseId, cells);
      const values = cells.map(({ field }, index) => [field, JSON.parse(texts[index] ?? 'null') as Json] as const);
      const last = Math.max(...cells.map(({ updated_at }) => updated_at.getTime()));
      return {
        values: Object.fromEntries(values),
        withheld,
        updatedAt: cells.length === 0 ? null : new Date(last).toISOString(),
      };
    });
  }

  /** Removes what came under a consent, and says of which case which fields. Called when it is withdrawn. */
  async forgetWhatCameUnder(transaction: Transaction, consentId: string, actor: VaultActor): Promise<void> {
    await this.#forget(transaction, 'consent_id = $1', consentId, actor, consentId);
  }

  /** Removes all of a case: erasure destroys its keys besides, so that copies stay closed. */
  async forget(transaction: Transaction, caseId: string, actor: VaultActor): Promise<void> {
    await this.#forget(transaction, 'case_id = $1', caseId, actor, null);
  }

  async #forget(
    transaction: Transaction,
    condition: string,
    value: string,
    actor: VaultActor,
    consentId: string | null,
  ): Promise<void> {
    const { rows } = await transaction.query<{ case_id: string; fields: VaultField[] }>(
      `WITH gone AS (DELETE FROM vault.cell WHERE ${condition} RETURNING case_id, field)
       SELECT case_id, array_agg(field ORDER BY field) AS fields FROM gone GROUP BY case_id`,
      [value],
    );
    for (const { case_id: caseId, fields } of rows) {
      await this.#note(transaction, 'ERASURE', caseId, actor, removed(fields), consentId);
    }
  }

  async #refuse(
    caseId: string,
    denied: readonly VaultField[],
    actor: VaultActor,
    purpose: ReadPurpose,
  ): Promise<DomainError> {
    await this.#note(this.#parts.pool, 'READ_REFUSED', caseId, actor, [`purpose:${purpose}`, ...named(denied)]);
    const message = 'these fields are not for this role and purpose';
    return new DomainError('VAULT.FIELD_DENIED', 'forbidden', message, { fields: denied });
  }

  async #seal(transaction: Transaction, cells: Parameters<CellSealer['seal']>[1]): Promise<readonly string[]> {
    try {
      return await this.#parts.sealer.seal(transaction, cells);
    } catch (error) {
      if (error instanceof ErasedError) throw caseErased();
      if (!(error instanceof MissingKeyError)) throw error;
      throw new DomainError('VAULT.NO_KEYS', 'conflict', 'nothing of the case was recorded here yet');
    }
  }

  async #open(transaction: Transaction, caseId: string, cells: readonly CellRow[]): Promise<readonly string[]> {
    try {
      return await this.#parts.sealer.open(
        transaction,
        cells.map((cell) => ({ ...cell, caseId })),
      );
    } catch (error) {
      if (!(error instanceof ErasedError)) throw error;
      throw caseErased();
    }
  }

  #note(
    transaction: Transaction,
    kind: AuditKind,
    caseId: string,
    { at, subject }: VaultActor,
    details: readonly string[],
    consentId: string | null = null,
  ): Promise<void> {
    return this.#parts.audit.record(transaction, { at, actor: subject, kind, caseId, details, consentId });
  }
}

const named = (fields: readonly VaultField[]): readonly string[] => fields.map((field) => `field:${field}`);
const removed = (fields: readonly VaultField[]): readonly string[] => fields.map((field) => `removed:${field}`);

async function cellsOf(transaction: Transaction, caseId: string): Promise<readonly CellRow[]> {
  const { rows } = await transaction.query<CellRow>(
    `SELECT field, version, sealed, updated_at, consent_id, withdrawn_at IS NOT NULL AS is_withdrawn
     FROM vault.cell WHERE case_id = $1 ORDER BY field`,
    [caseId],
  );
  return rows;
}

function caseErased(): DomainError {
  return new DomainError('CASE_ERASED', 'gone', 'what was kept of the case was erased');
}
