import type { Clock } from '@acogida/core';
import { type Actor, CLOCK, DATABASE_POOL } from '@acogida/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';

/** Records that a person read cases (architecture.md §8). A read that cannot be recorded is not answered. */
@Injectable()
export class CaseReads {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Resolves when the reads are durable. `route` is a pattern, never what was searched for. */
  async record(actor: Actor, route: string, caseIds: readonly string[]): Promise<void> {
    if (caseIds.length === 0) return;
    await this.pool.query(
      `INSERT INTO case_read (subject, read_at, case_id, route, basis)
       SELECT $1, $2, id, $3, 'OVERSIGHT' FROM unnest($4::uuid[]) AS read (id)`,
      [actor.subject, this.clock.now(), route, caseIds],
    );
  }
}
