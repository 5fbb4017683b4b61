import {
  Answers,
  CurrentPage,
  listNewestFirst,
  type PageOf,
  type Paging,
  PROCEDURE_HANDLER,
  type ProcedureHandler,
  Roles,
  showProcedure,
  StaysHere,
} from '@acogida/service-kit';
import { Controller, Get, Inject, Param, ParseUUIDPipe, Query, Res } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import { Repository } from 'typeorm';
import { childCaseProcedure } from '../child-case.procedure.ts';
import { ChildCaseEntity } from '../projections/child-case.entity.ts';
import { ChildCaseRow, childCaseRowOf, ChildCaseView, childCaseViewOf } from './child-case-answers.ts';
import { ChildCaseListQuery } from './child-case-bodies.ts';

/** Reads the cases of children at this agency. */
@Roles('caseworker', 'supervisor')
@Controller('v1/child-cases')
export class ChildCaseQueriesController {
  constructor(
    @InjectRepository(ChildCaseEntity) private readonly rows: Repository<ChildCaseEntity>,
    @Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler,
  ) {}

  /** At `stage=REPORTED` stand the children whom an officer has to meet, with `overdue=true` those without a guardian in time. */
  @Get()
  @StaysHere()
  @Answers(ChildCaseRow, { page: true })
  list(
    @Query() { stage, caseId, overdue }: ChildCaseListQuery,
    @CurrentPage() paging: Paging,
  ): Promise<PageOf<ChildCaseRow>> {
    const where = { stage, caseId, isGuardianOverdue: overdue === 'true' ? true : undefined };
    return listNewestFirst(this.rows, paging, { where, rowOf: childCaseRowOf });
  }

  @Get(':id')
  @StaysHere()
  @Answers(ChildCaseView)
  show(
    @Param('id', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChildCaseView> {
    const unknown = { code: 'CHILD.UNKNOWN', message: 'no such case of a child at this agency' };
    return showProcedure(this.handler, reply, childCaseProcedure, id.toLowerCase(), childCaseViewOf, unknown);
  }
}
