import { type Clock, DomainError } from '@acogida/core';
import { inTransaction, type Transaction } from '@acogida/event-store';
import {
  type IdentityCandidate,
  type IdentityElements,
  type IdentityFinding,
  readIdentity,
  saysWho,
  searchIdentities,
  type SearchOutcome,
} from '@acogida/safeguards';
import { BrokenSealError, type KeyStore } from '@acogida/sealing';
import type { LoggerService, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import type { AuditEntry } from '../audit/audit-entry.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { describeError } from '../logging/describe-error.ts';
import type { CaseFacts } from '../referral-desk/case-facts.ts';
import type { IdentityIndex, SearchAsked } from './identity-index.ts';
import type { IdentityTokens, KeptIdentity } from './identity-tokens.ts';
import type { PossibleMatches } from './possible-matches.ts';

/** What identity is opened for here; no role reads for it (INV-17). */
const PURPOSE = 'purpose:CLEARANCE';

/** What the index of a vault is made of. */
export interface VaultIdentityIndexParts {
  readonly agencyId: string;
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly tokens: IdentityTokens;
  readonly matches: Pick<PossibleMatches, 'keep'>;
  readonly keyStore: Pick<KeyStore, 'isErased'>;
  readonly audit: AuditLog;
  /** Says sex and nationalities; null where the service does not. */
  readonly facts: CaseFacts | null;
  readonly logger: Pick<LoggerService, 'warn'>;
}

/** `IdentityIndex` over the vault of this node. */
export class VaultIdentityIndex implements IdentityIndex, OnApplicationBootstrap, OnApplicationShutdown {
  readonly #parts: VaultIdentityIndexParts;
  #keeping: Promise<void> | null = null;

  constructor(parts: VaultIdentityIndexParts) {
    this.#parts = parts;
  }

  /** Indexes what was written before there was an index, or under another key; what fails is done before the next search. */
  async onApplicationBootstrap(): Promise<void> {
    const { tokens, logger } = this.#parts;
    const onFailure = (error: unknown): void => {
      logger.warn({ msg: 'identities could not be indexed yet', failure: describeError(error) });
    };
    const begin = () => void this.#keepMissing(() => tokens.findMissing()).catch(onFailure);
    await tokens.begin().then(begin, onFailure);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#keeping?.catch(() => {}); // it was said when it failed
  }

  async search(elements: IdentityElements, asked: SearchAsked): Promise<SearchOutcome> {
    return (await this.find(elements, asked)).outcome;
  }

  /** As `search`, with the cases that it found and no officer has ruled out: for officers of this agency alone. */
  async find(elements: IdentityElements, asked: SearchAsked): Promise<IdentityFinding> {
    const sought = readIdentity(elements);
    if (!saysWho(sought)) return searchIdentities(elements, []);
    await this.#keepMissing();
    return inTransaction(this.#parts.pool, async (transaction) => {
      const candidates = await this.#parts.tokens.candidatesFor(transaction, sought, asked.caseId);
      const found = candidates.filter((caseId) => asked.linked?.includes(caseId) !== true);
      const opened = await this.#opened(transaction, found, asked.by);
      const elementsOf = new Map(opened.map(({ caseId, elements: own }) => [caseId, own]));
      const judged = searchIdentities(elements, opened).matches.map((match) => ({
        ...{ match, elements: elementsOf.get(match.caseId) ?? null },
      }));
      const matches = await this.#parts.matches.keep(transaction, elements, judged, asked);
      return { outcome: matches.length > 0 ? 'POSSIBLE_MATCH' : 'NO_MATCH', matches };
    });
  }

  async elementsOf(caseId: string): Promise<IdentityElements | null> {
    const { pool, tokens, facts, keyStore } = this.#parts;
    const kept = await inTransaction(pool, async (transaction) => {
      if (await keyStore.isErased(transaction, caseId)) {
        throw new DomainError('CASE_ERASED', 'gone', 'what was kept of the case was erased');
      }
      const found = await tokens.kept(transaction, caseId);
      if (found !== null) await this.#note(transaction, [this.#entryOf(caseId, found, null)]);
      return found;
    });
    if (kept === null) return null;
    const known = await facts?.factsOf(caseId);
    return { ...kept.elements, sex: known?.sex ?? null, nationalities: known?.nationalities ?? [] };
  }

  /** One at a time: a search that comes meanwhile waits for the same. */
  #keepMissing(before = async (): Promise<void> => {}): Promise<void> {
    this.#keeping ??= before()
      .then(() => this.#parts.tokens.keepMissing())
      .finally(() => {
        this.#keeping = null;
      });
    return this.#keeping;
  }

  async #opened(
    transaction: Transaction,
    caseIds: readonly string[],
    by: string,
  ): Promise<readonly IdentityCandidate[]> {
    const candidates: IdentityCandidate[] = [];
    const entries: AuditEntry[] = [];
    for (const caseId of caseIds) {
      const kept = await this.#kept(transaction, caseId);
      if (kept === null) continue; // gone since it was looked up
      if (kept !== 'UNREADABLE') entries.push(this.#entryOf(caseId, kept, by));
      candidates.push({ caseId, elements: kept === 'UNREADABLE' ? null : kept.elements });
    }
    await this.#note(transaction, entries);
    return candidates;
  }

  async #kept(transaction: Transaction, caseId: string): Promise<KeptIdentity | 'UNREADABLE' | null> {
    try {
      return await this.#parts.tokens.kept(transaction, caseId);
    } catch (error) {
      if (error instanceof BrokenSealError) return 'UNREADABLE';
      throw error;
    }
  }

  #entryOf(caseId: string, { fields }: KeptIdentity, by: string | null): AuditEntry {
    const { agencyId, clock } = this.#parts;
    const details = [PURPOSE, ...(by === null ? [] : [`asked-by:${by}`]), ...fields.map((field) => `field:${field}`)];
    return { at: clock.now(), actor: `${agencyId}.identity-search`, kind: 'READ', caseId, details, consentId: null };
  }

  #note(transaction: Transaction, entries: readonly AuditEntry[]): Promise<void> {
    return this.#parts.audit.record(transaction, ...entries);
  }
}
