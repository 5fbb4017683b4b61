import { holdLedgerProcedure } from '@acogida/safeguards';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { type Holding, HOLDINGS } from '../consent-desk/holdings.ts';
import { notFound } from '../http/problem.ts';
import type { NodeContext } from '../node-definition.ts';
import { DATABASE_POOL, NODE_CONTEXT } from '../tokens.ts';

/** Injection token of the `IdentityCases` of a node with a vault. */
export const IDENTITY_CASES = Symbol('acogida.identity-cases');

/** Of which cases a node takes down who the person is. */
export interface IdentityCases {
  /** What the answer to a writer says the case has come to. @throws DomainError (not-found) no such case at this agency */
  versionOf(caseId: string): Promise<number>;
}

/** Cases that the agency holds anything of (`HOLDINGS`), or has a hold on; the version is that of its ledger of holds. */
@Injectable()
export class HeldCases implements IdentityCases {
  constructor(
    @Inject(NODE_CONTEXT) private readonly node: Pick<NodeContext, 'handler'>,
    @Inject(HOLDINGS) private readonly holdings: readonly Holding[],
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  async versionOf(caseId: string): Promise<number> {
    const { version } = await this.node.handler.load(holdLedgerProcedure, caseId);
    if (version > 0) return version;
    for (const holding of this.holdings) if (await holding.isHeld(this.pool, caseId)) return version;
    throw notFound('VAULT.CASE_UNKNOWN', 'no such case at this agency');
  }
}
