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
import { asylumApplication } from '../asylum-application.procedure.ts';
import { AsylumApplicationEntity } from '../projections/asylum-application.entity.ts';
import { ApplicationListQuery } from './application-bodies.ts';
import { ApplicationRow, applicationRowOf, ApplicationView, applicationViewOf } from './application-view.ts';

/** Reads the applications of this agency. */
@Roles('eligibility-officer', 'caseworker', 'supervisor', 'import')
@Controller('v1/applications')
export class ApplicationQueriesController {
  constructor(
    @InjectRepository(AsylumApplicationEntity) private readonly applications: Repository<AsylumApplicationEntity>,
    @Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler,
  ) {}

  @Get()
  @StaysHere()
  @Answers(ApplicationRow, { page: true })
  list(@Query() query: ApplicationListQuery, @CurrentPage() paging: Paging): Promise<PageOf<ApplicationRow>> {
    const { stage, caseId } = query;
    const late = query.late === undefined ? undefined : query.late === 'true';
    const where = { stage, caseId, late };
    return listNewestFirst(this.applications, paging, { where, rowOf: applicationRowOf });
  }

  @Get(':id')
  @StaysHere()
  @Answers(ApplicationView)
  show(
    @Param('id', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApplicationView> {
    const unknown = { code: 'ASYLUM.APPLICATION_UNKNOWN', message: 'no such application at this agency' };
    return showProcedure(this.handler, reply, asylumApplication, id, applicationViewOf, unknown);
  }
}
