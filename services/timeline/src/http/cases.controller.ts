import {
  type Actor,
  Answers,
  CurrentActor,
  CurrentPage,
  notFound,
  type PageOf,
  type Paging,
  Roles,
  StaysHere,
} from '@acogida/service-kit';
import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { factsOfTimeline, timelineAsOf } from '../domain/timeline-entry.ts';
import { CaseReads } from './case-reads.ts';
import type { TimelineCase } from '../projections/timeline-case.entity.ts';
import { TimelineQueries } from './timeline-queries.ts';
import { CaseView, caseView, entryView, TimelineView } from './case-answers.ts';
import { CaseSearchQuery, TimelineQuery } from './case-requests.ts';

function flag(text: 'true' | 'false' | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'true';
}

/** Cases for oversight. Each case that an answer shows is recorded as read by the caller, before it is answered. */
@Controller('v1/cases')
export class CasesController {
  constructor(
    private readonly queries: TimelineQueries,
    private readonly reads: CaseReads,
  ) {}

  @Get()
  @StaysHere()
  @Roles('auditor')
  @Answers(CaseView, { page: true })
  async search(
    @Query() { page: _, limit: __, child, traffickingFlagged, ...query }: CaseSearchQuery,
    @CurrentPage() paging: Paging,
    @CurrentActor() actor: Actor,
  ): Promise<PageOf<CaseView>> {
    const search = { ...query, child: flag(child), traffickingFlagged: flag(traffickingFlagged) };
    const after = paging.after('instant', 'uuid');
    const rows = await this.queries.search(search, { after, take: paging.limit + 1 });
    const answer = paging.answer(rows.map(caseView), (row) => [row.openedAt, row.caseId]);
    await this.reads.record(
      actor,
      'GET /v1/cases',
      answer.items.map(({ caseId }) => caseId),
    );
    return answer;
  }

  @Get(':caseId')
  @StaysHere()
  @Roles('auditor')
  @Answers(CaseView)
  async show(@Param('caseId', ParseUUIDPipe) caseId: string, @CurrentActor() actor: Actor): Promise<CaseView> {
    const row = await this.known(caseId);
    await this.reads.record(actor, 'GET /v1/cases/:caseId', [caseId]);
    return caseView(row);
  }

  @Get(':caseId/timeline')
  @StaysHere()
  @Roles('auditor')
  @Answers(TimelineView)
  async timeline(
    @Param('caseId', ParseUUIDPipe) caseId: string,
    @Query() query: TimelineQuery,
    @CurrentActor() actor: Actor,
  ): Promise<TimelineView> {
    await this.known(caseId);
    const asOf = query.asOf === undefined ? null : new Date(query.asOf).toISOString();
    const entries = timelineAsOf(await this.queries.entriesOf(caseId), asOf);
    await this.reads.record(actor, 'GET /v1/cases/:caseId/timeline', [caseId]);
    return { caseId, asOf, entries: entries.map(entryView), facts: factsOfTimeline(entries), basis: 'OVERSIGHT' };
  }

  private async known(caseId: string): Promise<TimelineCase> {
    const row = await this.queries.find(caseId);
    if (row === null) throw notFound('TIMELINE.CASE_UNKNOWN', 'no such case on this timeline');
    return row;
  }
}
