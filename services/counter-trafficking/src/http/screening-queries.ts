import type { TraffickingOutcome } from '@acogida/reference';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { ScreeningStage } from '../domain/screening-history.ts';
import { TraffickingScreening } from '../projections/trafficking-screening.entity.ts';

/** What to list. Absent parts do not narrow. */
export interface ScreeningSearch {
  readonly caseId?: string | undefined;
  readonly stage?: ScreeningStage | undefined;
  readonly outcome?: TraffickingOutcome | undefined;
  /** Of the last row of the previous page. */
  readonly after: readonly [openedAt: string, screeningId: string] | null;
  readonly take: number;
}

/** Reads the list of screenings. */
@Injectable()
export class ScreeningQueries {
  constructor(@InjectRepository(TraffickingScreening) private readonly screenings: Repository<TraffickingScreening>) {}

  /** The newest first. */
  list({ caseId, stage, outcome, after, take }: ScreeningSearch): Promise<TraffickingScreening[]> {
    const query = this.screenings
      .createQueryBuilder('s')
      .orderBy('s.openedAt', 'DESC')
      .addOrderBy('s.screeningId', 'DESC');
    if (caseId !== undefined) query.andWhere('s.caseId = :caseId', { caseId });
    if (stage !== undefined) query.andWhere('s.stage = :stage', { stage });
    if (outcome !== undefined) query.andWhere('s.outcome = :outcome', { outcome });
    if (after !== null) {
      const [openedAt, screeningId] = after;
      query.andWhere('(s.openedAt, s.screeningId) < (:openedAt::timestamptz, :screeningId::uuid)', {
        openedAt,
        screeningId,
      });
    }
    return query.take(take).getMany();
  }
}
