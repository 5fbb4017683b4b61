import type { Clock } from '@acogida/core';
import { type Custody, custodyProcedure } from '@acogida/referral';
import { Controller, Get, Inject, Param, ParseUUIDPipe, Res } from '@nestjs/common';
import { IsBoolean, IsIn, IsInt, IsISO8601, IsOptional, IsString, IsUUID } from 'class-validator';
import type { FastifyReply } from 'fastify';
import type pg from 'pg';
import { CASE_STAFF, Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { setVersion } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import type { NodeContext } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import { CLOCK, DATABASE_POOL, NODE_CONTEXT } from '../tokens.ts';

/** Who has a case, as far as this agency knows. */
class CustodyView {
  @IsUUID()
  caseId!: string;

  /** 1, 2, 3 …: the case has one custodian in each term. */
  @IsInt()
  term!: number;

  @IsString()
  holder!: string;

  /** Whether it is this agency. */
  @IsBoolean()
  isOurs!: boolean;

  @IsIn(['OPENED', 'RELEASED', 'SUCCESSION'])
  basis!: string;

  /** When the term began. */
  @IsISO8601()
  since!: string;

  /** How old the knowledge is: until when the custodian was heard here, at least when its term began. */
  @IsISO8601()
  asOf!: string;

  /** A later term was told of, which cannot count before those in between are known. */
  @IsOptional()
  @IsInt()
  laterTermHeard!: number | null;
}

/** Custody of cases (architecture.md §6). */
@Controller('v1/custody')
export class CustodyController {
  constructor(
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  /** Term, custodian, since when, and how old that knowledge is. */
  @Get(':caseId')
  @StaysHere()
  @Roles(...CASE_STAFF)
  @Answers(CustodyView)
  async show(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CustodyView> {
    const { state, version } = await this.node.handler.load(custodyProcedure, caseId.toLowerCase());
    if (state === null) throw notFound('CUSTODY.UNKNOWN', 'nothing is known here of the custody of such a case');
    setVersion(reply, version);
    const { term, holder, basis, since } = state;
    const isOurs = holder === this.node.agencyId;
    const asOf = isOurs ? this.clock.now() : laterOf(since, await this.heardAt(holder));
    const later = laterTermOf(state);
    return { caseId: state.caseId, term, holder, isOurs, basis, since, asOf, laterTermHeard: later };
  }

  private async heardAt(agencyId: string): Promise<string | null> {
    const { rows } = await this.pool.query<{ heardAt: Date | null }>(
      'SELECT heard_at AS "heardAt" FROM inbox.source_cursor WHERE source = $1',
      [agencyId],
    );
    return rows[0]?.heardAt?.toISOString() ?? null;
  }
}

function laterOf(one: string, other: string | null): string {
  return other !== null && other > one ? other : one;
}

function laterTermOf({ term, releases }: Custody): number | null {
  const later = releases.map((release) => release.term).filter((heard) => heard > term);
  return later.length === 0 ? null : Math.max(...later);
}
