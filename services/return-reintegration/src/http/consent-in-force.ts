import { DomainError } from '@acogida/core';
import { DATABASE_POOL, type Lifting, type LiftingCondition } from '@acogida/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { ReturnStage } from '../domain/return-case-state.ts';
import { IN_FORCE_AT } from '../domain/voluntariness-hold.ts';

/**
 * INV-14: H-17 of a return case goes with its steps, while one that was placed by hand, or taken over, is lifted by hand once a consent of
 * the person is in force: that of the case which it names, where it names one of this agency's, else any.
 */
@Injectable()
export class ConsentInForce implements LiftingCondition {
  constructor(@Inject(DATABASE_POOL) private readonly pool: pg.Pool) {}

  async assertMayLift({ caseId, groundId, reason }: Lifting): Promise<void> {
    if (reason !== 'CONSENT_IN_FORCE') return;
    const { rows } = await this.pool.query<{ id: string; stage: ReturnStage }>(
      'SELECT return_case_id AS id, stage FROM return_case WHERE case_id = $1',
      [caseId],
    );
    const named = rows.filter(({ id }) => id === groundId);
    if ((named.length === 0 ? rows : named).some(({ stage }) => IN_FORCE_AT.includes(stage))) return;
    throw new DomainError('RETURN.CONSENT_NOT_IN_FORCE', 'conflict', 'no consent of the person is in force');
  }
}
