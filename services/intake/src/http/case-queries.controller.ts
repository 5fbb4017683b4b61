import {
  AGE_STATUSES,
  type AgeStatus,
  type Channel,
  CHANNELS,
  type EntryMode,
  ENTRY_MODES,
  type Sex,
  SEXES,
} from '@acogida/reference';
import {
  Answers,
  CurrentPage,
  listNewestFirst,
  type PageOf,
  PageQuery,
  type Paging,
  PROCEDURE_HANDLER,
  type ProcedureHandler,
  Roles,
  showProcedure,
  StaysHere,
} from '@acogida/service-kit';
import { Controller, Get, Inject, Param, ParseUUIDPipe, Query, Res } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsIn, IsOptional, Matches } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Repository } from 'typeorm';
import { caseIntake } from '../case-intake.procedure.ts';
import { INTAKE_STAGES, type IntakeStage } from '../domain/case-intake-state.ts';
import { IntakeCaseEntity } from '../projections/intake-case.entity.ts';
import { CaseRow, caseRowOf, CaseView, caseViewOf } from './case-view.ts';
import { COUNTRY } from './request-fields.ts';

const FLAGS = ['true', 'false'] as const;
type Flag = (typeof FLAGS)[number];

function isSet(flag: Flag | undefined): boolean | undefined {
  return flag === undefined ? undefined : flag === 'true';
}

/** Query of `GET /v1/cases`. */
export class CaseListQuery extends PageQuery {
  @IsOptional()
  @IsIn(INTAKE_STAGES)
  stage?: IntakeStage;

  @IsOptional()
  @IsIn(CHANNELS)
  channel?: Channel;

  @IsOptional()
  @IsIn(ENTRY_MODES)
  entryMode?: EntryMode;

  @IsOptional()
  @IsIn(SEXES)
  sex?: Sex;

  @IsOptional()
  @IsIn(AGE_STATUSES)
  ageStatus?: AgeStatus;

  @IsOptional()
  @Matches(COUNTRY)
  nationality?: string;

  @IsOptional()
  @IsIn(FLAGS)
  trafficking?: Flag;

  @IsOptional()
  @IsIn(FLAGS)
  asylumIntent?: Flag;

  @IsOptional()
  @IsIn(FLAGS)
  lifeSaving?: Flag;
}

/** Reads the cases of this agency. */
@Roles('border-officer', 'caseworker', 'referral-officer', 'supervisor', 'import')
@Controller('v1/cases')
export class CaseQueriesController {
  constructor(
    @InjectRepository(IntakeCaseEntity) private readonly cases: Repository<IntakeCaseEntity>,
    @Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler,
  ) {}

  @Get()
  @StaysHere()
  @Answers(CaseRow, { page: true })
  list(@Query() query: CaseListQuery, @CurrentPage() paging: Paging): Promise<PageOf<CaseRow>> {
    const { stage, channel, entryMode, sex, ageStatus, nationality } = query;
    return listNewestFirst(this.cases, paging, {
      where: {
        ...{ stage, channel, entryMode, sex, ageStatus },
        traffickingFlagged: isSet(query.trafficking),
        asylumIntent: isSet(query.asylumIntent),
        lifeSaving: isSet(query.lifeSaving),
      },
      narrow: (cases) => {
        if (nationality !== undefined)
          cases.andWhere('row.nationalities @> ARRAY[:nationality]::text[]', { nationality });
      },
      rowOf: caseRowOf,
    });
  }

  @Get(':caseId')
  @StaysHere()
  @Answers(CaseView)
  show(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CaseView> {
    const unknown = { code: 'INTAKE.CASE_UNKNOWN', message: 'no such case at this agency' };
    return showProcedure(this.handler, reply, caseIntake, caseId, caseViewOf, unknown);
  }
}
