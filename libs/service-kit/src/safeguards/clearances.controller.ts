import { type Clock, instantAfter } from '@acogida/core';
import type { Removal } from '@acogida/reference';
import { holdLedgerProcedure, leasesOnScreen, remainingMs } from '@acogida/safeguards';
import { Controller, Get, Inject, Param, ParseUUIDPipe, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type pg from 'pg';
import { Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { CurrentPage, type PageOf, PageQuery, type Paging, setVersion } from '../http/paging.ts';
import type { NodeContext } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import { CLOCK, DATABASE_POOL, NODE_CONTEXT } from '../tokens.ts';
import { CaseClearancesView, ClearanceView } from './clearance-views.ts';
import { ForgottenLeases } from './forgotten-leases.ts';
import { SCREEN_ROLES } from './hold-roles.ts';
import { MONOTONIC_CLOCK, type MonotonicClock } from './monotonic-clock.ts';

interface Row {
  readonly clearanceId: string;
  readonly caseId: string;
  readonly gate: string;
  readonly removal: Removal;
  readonly grantedAt: Date;
  readonly leftMs: string;
  readonly isHalted: boolean;
}

// As `remainingMs` counts: what an earlier process granted, from the beginning of this one.
const OUT = `
  SELECT clearance_id::text AS "clearanceId", case_id::text AS "caseId", gate, removal, granted_at AS "grantedAt",
         (span_ms - passed_ms)::text AS "leftMs", is_halted AS "isHalted"
    FROM granted_clearance, LATERAL (SELECT CASE WHEN boot = $1 THEN $2 - from_ms ELSE $2 END AS passed_ms) AS counted
   WHERE span_ms > passed_ms AND ($3::timestamptz IS NULL OR (granted_at, clearance_id) > ($3, $4::uuid))
   ORDER BY granted_at, clearance_id LIMIT $5`;

/** What an authority has out: leases by which somebody may leave until they are over (architecture.md §7). */
@Controller('v1')
export class ClearancesController {
  constructor(
    private readonly forgotten: ForgottenLeases,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MONOTONIC_CLOCK) private readonly monotonic: MonotonicClock,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  /** All that is out now, oldest first. */
  @Get('clearances')
  @StaysHere()
  @Roles(...SCREEN_ROLES)
  @Answers(ClearanceView, { page: true })
  async list(@Query() _query: PageQuery, @CurrentPage() paging: Paging): Promise<PageOf<ClearanceView>> {
    const { boot, ms } = this.monotonic.read();
    const [grantedAt = null, clearanceId = null] = paging.after('instant', 'uuid') ?? [];
    const { rows } = await this.pool.query<Row>(OUT, [boot, ms, grantedAt, clearanceId, paging.limit + 1]);
    const now = this.clock.now();
    const views = rows.map(({ grantedAt: at, leftMs, ...row }): ClearanceView => {
      return { ...row, grantedAt: at.toISOString(), overAtTheLatest: instantAfter(now, Number(leftMs)) };
    });
    return paging.answer(views, (view) => [view.grantedAt, view.clearanceId]);
  }

  /** Those of one case: to whom, since when, how long still at most, and whether the gate was told to halt. */
  @Get('cases/:caseId/clearances')
  @StaysHere()
  @Roles(...SCREEN_ROLES)
  @Answers(CaseClearancesView)
  async show(
    @Param('caseId', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CaseClearancesView> {
    const caseId = id.toLowerCase();
    const { state, version } = await this.node.handler.load(holdLedgerProcedure, caseId);
    const [reading, asOf] = [this.monotonic.read(), this.clock.now()];
    const count = await this.forgotten.current(this.node, this.pool);
    setVersion(reply, version);
    return {
      ...{ caseId, asOf },
      clearances: leasesOnScreen(state, reading).map(({ endsInMs, ...lease }) => ({
        ...{ ...lease, caseId, overAtTheLatest: instantAfter(asOf, endsInMs) },
      })),
      forgottenOverAt: count === null ? null : instantAfter(asOf, remainingMs(count, reading)),
    };
  }
}
