import {
  Answers,
  CurrentPage,
  notFound,
  type PageOf,
  type Paging,
  PROCEDURE_HANDLER,
  type ProcedureHandler,
  Roles,
  setVersion,
} from '@acogida/service-kit';
import { Controller, Get, Inject, Param, ParseUUIDPipe, Query, Res } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import { Repository } from 'typeorm';
import { asylumApplication } from '../asylum-application.procedure.ts';
import { findApplications } from '../projections/application-list.ts';
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
  @Answers(ApplicationRow, { page: true })
  async list(@Query() query: ApplicationListQuery, @CurrentPage() paging: Paging): Promise<PageOf<ApplicationRow>> {
    const { stage, caseId } = query;
    const late = query.late === undefined ? undefined : query.late === 'true';
    const found = await findApplications(
      this.applications,
      { stage, caseId, late },
      paging.after('position')?.[0] ?? null,
      paging.limit + 1,
    );
    const positions = new Map(found.map(({ applicationId, openedPosition }) => [applicationId, openedPosition]));
    return paging.answer(found.map(applicationRowOf), ({ applicationId }) => [positions.get(applicationId) ?? '']);
  }

  @Get(':id')
  @Answers(ApplicationView)
  async show(
    @Param('id', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApplicationView> {
    const { state, version } = await this.handler.load(asylumApplication, id);
    const view = applicationViewOf(state, version);
    if (view === null) throw notFound('ASYLUM.APPLICATION_UNKNOWN', 'no such application at this agency');
    setVersion(reply, version);
    return view;
  }
}
