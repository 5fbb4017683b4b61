import { DATABASE_POOL } from '@acogida/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type pg from 'pg';
import { Repository, type SelectQueryBuilder } from 'typeorm';
import { TimelineCase } from '../projections/timeline-case.entity.ts';
import { ENTRY_COLUMNS, type EntryRow, entryOf, type ReceivedEntry } from '../projections/timeline-rows.ts';

/** Coded facts to search cases by. Absent parts do not narrow; all that are given must hold. */
export interface CaseSearch {
  readonly ageStatus?: string | undefined;
  readonly child?: boolean | undefined;
  readonly nationality?: string | undefined;
  readonly agency?: string | undefined;
  readonly traffickingFlagged?: boolean | undefined;
  readonly traffickingOutcome?: string | undefined;
  readonly referralState?: string | undefined;
  readonly asylumState?: string | undefined;
  /** Inclusive. */
  readonly openedFrom?: string | undefined;
  /** Exclusive. */
  readonly openedTo?: string | undefined;
}

/** Where a page goes on. */
export interface CasePage {
  /** `[openedAt, caseId]` of the last row of the previous page. */
  readonly after: readonly [openedAt: string, caseId: string] | null;
  readonly take: number;
}

/**
 * An unopened event belongs to a case when its source used the same subject for an opened one: a subject is random per
 * case and epoch.
 */
const ENTRIES_OF_CASE = `
  SELECT ${ENTRY_COLUMNS} FROM timeline_event WHERE case_id = $1
  UNION ALL
  SELECT ${ENTRY_COLUMNS} FROM timeline_event
  WHERE type IS NULL AND (source, subject) IN (SELECT source, subject FROM timeline_event WHERE case_id = $1)`;

function narrow(query: SelectQueryBuilder<TimelineCase>, search: CaseSearch): void {
  const conditions: Record<keyof CaseSearch, string> = {
    ageStatus: 'c.ageStatus = :ageStatus',
    child: 'c.child = :child',
    nationality: 'c.nationalities @> ARRAY[:nationality]::text[]',
    agency: 'c.agencies @> ARRAY[:agency]::text[]',
    traffickingFlagged: 'c.traffickingFlagged = :traffickingFlagged',
    traffickingOutcome: 'c.traffickingOutcome = :traffickingOutcome',
    referralState: 'c.referralStates @> ARRAY[:referralState]::text[]',
    asylumState: 'c.asylumState = :asylumState',
    openedFrom: 'c.openedAt >= :openedFrom::timestamptz',
    openedTo: 'c.openedAt < :openedTo::timestamptz',
  };
  for (const [name, condition] of Object.entries(conditions)) {
    const value = search[name as keyof CaseSearch];
    if (value !== undefined) query.andWhere(condition, { [name]: value });
  }
}

/** Reads cases and their entries. Recording who reads is the caller's: see `CaseReads`. */
@Injectable()
export class TimelineQueries {
  constructor(
    @InjectRepository(TimelineCase) private readonly cases: Repository<TimelineCase>,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  /** The newest first. */
  search(search: CaseSearch, { after, take }: CasePage): Promise<TimelineCase[]> {
    const query = this.cases.createQueryBuilder('c').orderBy('c.openedAt', 'DESC').addOrderBy('c.caseId', 'DESC');
    narrow(query, search);
    if (after !== null) {
      const [openedAt, caseId] = after;
      query.andWhere('(c.openedAt, c.caseId) < (:openedAt::timestamptz, :caseId::uuid)', { openedAt, caseId });
    }
    return query.take(take).getMany();
  }

  /** The facts of one case. */
  find(caseId: string): Promise<TimelineCase | null> {
    return this.cases.findOneBy({ caseId });
  }

  /** All that is known of one case, in no order. */
  async entriesOf(caseId: string): Promise<ReceivedEntry[]> {
    const { rows } = await this.pool.query<EntryRow>(ENTRIES_OF_CASE, [caseId]);
    return rows.map(entryOf);
  }
}
