import { DomainError } from '@acogida/core';
import {
  DATABASE_POOL,
  isTakenUpFor,
  type Lifting,
  type LiftingCondition,
  NODE_CONTEXT,
  type NodeContext,
  PROCEDURE_HANDLER,
  type ProcedureHandler,
} from '@acogida/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { caseIntake } from '../case-intake.procedure.ts';

/**
 * INV-11: of a child that is alone, or of whom nobody knows with whom it is, no officer lifts H-01 by hand before the child authority
 * of the country holds it: until then nothing else stands between the child and the door. Where there is no such authority, it stays.
 */
@Injectable()
export class ChildTakenUp implements LiftingCondition {
  constructor(
    @Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  async assertMayLift({ caseId, kind }: Lifting): Promise<void> {
    if (kind !== 'NEEDS_NOT_ASSESSED') return;
    const { state } = await this.handler.load(caseIntake, caseId);
    if (state.child === null || state.child.careStatus === 'ACCOMPANIED') return;
    if (await isTakenUpFor('CHILD_NO_BID', caseId, { node: this.node, pool: this.pool })) return;
    throw new DomainError(
      'INTAKE.CHILD_NOT_TAKEN_UP',
      'conflict',
      'the child authority takes the child up first: refer it for child protection',
    );
  }
}
