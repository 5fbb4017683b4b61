import type { JsonObject } from '@acogida/core';
import { holdLedgerProcedure } from '@acogida/safeguards';
import {
  type CommandContext,
  CommandRunner,
  DATABASE_POOL,
  type ExecuteResult,
  NODE_CONTEXT,
  type NodeContext,
  ProcedureHolds,
  stepTaker,
} from '@acogida/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { childCaseProcedure } from '../child-case.procedure.ts';
import type { ChildCaseCommand } from '../domain/child-case-commands.ts';
import { type ChildCase, stageOf } from '../domain/child-case-state.ts';
import { besideChildCase } from '../integration/beside-child-case.ts';
import { handingOver, heldElsewhere, whileTransferred } from '../integration/handing-over.ts';

/** What every command on a child's case answers; kept for replays. */
function answerOf({ version, state }: ExecuteResult<ChildCase>): JsonObject {
  const { subject, situation, guardianDueAt } = state;
  const { childCaseId: id = '', caseId = '' } = subject ?? {};
  return { id, version, stage: stageOf(state), caseId, situation, guardianDueAt };
}

/** Runs the steps of children's cases: H-10 and H-11 follow each of them. */
@Injectable()
export class ChildSteps {
  constructor(
    private readonly commands: CommandRunner,
    readonly holds: ProcedureHolds,
    @Inject(NODE_CONTEXT) readonly node: NodeContext,
    @Inject(DATABASE_POOL) readonly pool: pg.Pool,
  ) {}

  /**
   * @param named id of the case, in either case of letters
   * @param status 201 for the step by which an officer begins
   */
  run(
    named: string,
    command: ChildCaseCommand,
    context: CommandContext,
    status: 200 | 201 = 200,
  ): Promise<JsonObject | null> {
    const id = named.toLowerCase(); // UUIDs are the same in either case of letters, the names of streams are not
    return this.commands.run({
      ...{ procedure: childCaseProcedure, id, context, status, command },
      ...(status === 201 ? { location: `/v1/child-cases/${id}` } : {}),
      beside: besideChildCase(this, id, stepTaker(context.actor)),
      body: answerOf,
    });
  }

  /**
   * After a case went on to another authority: what that one said while the step was taken, of which neither the step nor the policy
   * knew both, is looked at once more. Nothing is done where the child was taken up again since.
   */
  async lookAgain(named: string, { actor, correlationId }: CommandContext): Promise<void> {
    const { handler } = this.node;
    const id = named.toLowerCase();
    const { closing, subject } = (await handler.load(childCaseProcedure, id)).state;
    if (closing?.reason !== 'TRANSFERRED' || subject === null) return;
    const next = await heldElsewhere(this.node, this.pool, subject.caseId);
    if (next === null) return;
    const { state: ledger } = await handler.load(holdLedgerProcedure, subject.caseId);
    for (const command of handingOver(ledger, next, { ...this.holds.acting(), officer: actor.subject }))
      await handler.execute({
        ...{ procedure: holdLedgerProcedure, id: subject.caseId, command },
        ...{ actor: actor.subject, correlationId, causation: null, beside: whileTransferred(id) },
      });
  }
}
