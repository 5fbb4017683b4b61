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
import { ReturnCaseEntity } from '../projections/return-case.entity.ts';
import { returnCaseProcedure } from '../return-case.procedure.ts';
import { ReturnCaseRow, returnCaseRowOf, ReturnCaseView, returnCaseViewOf } from './return-case-answers.ts';
import { ReturnCaseListQuery } from './return-case-bodies.ts';

/** Reads the return cases of this agency. */
@Roles('caseworker', 'supervisor')
@Controller('v1/return-cases')
export class ReturnCaseQueriesController {
  constructor(
    @InjectRepository(ReturnCaseEntity) private readonly rows: Repository<ReturnCaseEntity>,
    @Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler,
  ) {}

  @Get()
  @StaysHere()
  @Answers(ReturnCaseRow, { page: true })
  list(@Query() { stage, caseId }: ReturnCaseListQuery, @CurrentPage() paging: Paging): Promise<PageOf<ReturnCaseRow>> {
    return listNewestFirst(this.rows, paging, { where: { stage, caseId }, rowOf: returnCaseRowOf });
  }

  @Get(':id')
  @StaysHere()
  @Answers(ReturnCaseView)
  show(
    @Param('id', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReturnCaseView> {
    const unknown = { code: 'RETURN.UNKNOWN', message: 'no such return case at this agency' };
    return showProcedure(this.handler, reply, returnCaseProcedure, id, returnCaseViewOf, unknown);
  }
}
