import type { Repository } from 'typeorm';
import type { IntakeCaseEntity } from './intake-case.entity.ts';

const EQUAL_COLUMNS = [
  'stage',
  'channel',
  'entryMode',
  'sex',
  'ageStatus',
  'lifeSaving',
  'asylumIntent',
  'traffickingFlagged',
] as const;

/** Coded facts to filter by; what is left out does not narrow. */
export type CaseFilter = {
  readonly [C in (typeof EQUAL_COLUMNS)[number]]?: IntakeCaseEntity[C] | undefined;
} & { readonly nationality?: string | undefined };

/** The newest first: at most `take` cases that were opened before `after` (an `openedPosition`; null: from the newest). */
export function findCases(
  cases: Repository<IntakeCaseEntity>,
  filter: CaseFilter,
  after: string | null,
  take: number,
): Promise<IntakeCaseEntity[]> {
  const query = cases.createQueryBuilder('c');
  for (const column of EQUAL_COLUMNS) {
    if (filter[column] !== undefined) query.andWhere(`c.${column} = :${column}`, { [column]: filter[column] });
  }
  const { nationality } = filter;
  if (nationality !== undefined) query.andWhere('c.nationalities @> ARRAY[:nationality]::text[]', { nationality });
  if (after !== null) query.andWhere('c.openedPosition < :after', { after });
  return query.orderBy('c.openedPosition', 'DESC').limit(take).getMany();
}
