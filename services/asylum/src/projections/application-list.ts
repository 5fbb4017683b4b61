import type { Repository } from 'typeorm';
import type { AsylumApplicationEntity } from './asylum-application.entity.ts';

const EQUAL_COLUMNS = ['stage', 'late', 'caseId'] as const;

/** What to filter by; what is left out does not narrow. */
export type ApplicationFilter = {
  readonly [C in (typeof EQUAL_COLUMNS)[number]]?: AsylumApplicationEntity[C] | undefined;
};

/** The newest first: at most `take` applications that were lodged before `after` (an `openedPosition`; null: from the newest). */
export function findApplications(
  applications: Repository<AsylumApplicationEntity>,
  filter: ApplicationFilter,
  after: string | null,
  take: number,
): Promise<AsylumApplicationEntity[]> {
  const query = applications.createQueryBuilder('a');
  for (const column of EQUAL_COLUMNS) {
    if (filter[column] !== undefined) query.andWhere(`a.${column} = :${column}`, { [column]: filter[column] });
  }
  if (after !== null) query.andWhere('a.openedPosition < :after', { after });
  return query.orderBy('a.openedPosition', 'DESC').limit(take).getMany();
}
