import type { JsonObject } from '@acogida/core';
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
}
