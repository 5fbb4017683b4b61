import {
  type Lifting,
  type LiftingCondition,
  NODE_CONTEXT,
  type NodeContext,
  PROCEDURE_HANDLER,
  type ProcedureHandler,
} from '@acogida/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { childCaseIdOf, childCaseProcedure } from '../child-case.procedure.ts';
import { assertMayLift } from '../domain/lifting.ts';

/** What the child's case says before officers lift a hold of it at the hold desk (INV-11). */
@Injectable()
export class ChildLifting implements LiftingCondition {
  constructor(
    @Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
  ) {}

  async assertMayLift(lifting: Lifting): Promise<void> {
    const id = childCaseIdOf(this.node.agencyId, lifting.caseId);
    const { state } = await this.handler.load(childCaseProcedure, id);
    assertMayLift(lifting, state);
  }
}
