import { DomainError } from '@acogida/core';
import {
  DATABASE_POOL,
  type Lifting,
  type LiftingCondition,
  PROCEDURE_HANDLER,
  type ProcedureHandler,
} from '@acogida/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { ReturnStage } from '../domain/return-case-state.ts';
import { returnCaseProcedure } from '../return-case.procedure.ts';
import { IN_FORCE_AT } from '../domain/voluntariness-hold.ts';

/**
 * INV-14: H-17 of a return case goes with its steps, while one that was placed by hand, or taken over, is lifted by hand once a consent of
 * the person is in force: that of the case which it names, where it names one of this agency's, else any. A consent that was confirmed
 * before the hold was placed by hand does not count: what the person said since is not in it.
 */
@Injectable()
export class ConsentInForce implements LiftingCondition {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler,
  ) {}

  async assertMayLift({ caseId, groundId, placedAt, reason }: Lifting): Promise<void> {
    if (reason !== 'CONSENT_IN_FORCE') return;
    const { rows } = await this.pool.query<{ id: string; stage: ReturnStage }>(
      'SELECT return_case_id AS id, stage FROM return_case WHERE case_id = $1',
      [caseId],
    );
    const named = rows.filter(({ id }) => id === groundId);
    for (const { id, stage } of named.length === 0 ? rows : named) {
      if (!IN_FORCE_AT.includes(stage)) continue;
      const { confirmedAt } = (await this.handler.load(returnCaseProcedure, id)).state;
      if (placedAt === null || (confirmedAt !== null && confirmedAt >= placedAt)) return;
    }
    throw new DomainError('RETURN.CONSENT_NOT_IN_FORCE', 'conflict', 'no consent of the person is in force');
  }
}
