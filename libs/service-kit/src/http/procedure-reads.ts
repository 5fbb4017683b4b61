import type { ProcedureDefinition } from '@acogida/event-store';
import type { FastifyReply } from 'fastify';
import type { ObjectLiteral, Repository, SelectQueryBuilder } from 'typeorm';
import type { ProcedureHandler } from '../procedure-handler.ts';
import { type PageOf, type Paging, setVersion } from './paging.ts';
import { notFound } from './problem.ts';

/** A row of a read model that is listed in the order in which its procedures were opened. */
export interface OpenedRow extends ObjectLiteral {
  /** Position of the procedure's first event in the node's store. */
  readonly openedPosition: string;
}

/** How a list is narrowed and shown. */
export interface ListOptions<E, R> {
  /** Columns that must equal; undefined does not narrow. */
  readonly where: { readonly [C in keyof E]?: E[C] | undefined };
  /** Narrows further; the rows' alias is `row`. */
  readonly narrow?: (query: SelectQueryBuilder<E & ObjectLiteral>) => void;
  readonly rowOf: (entity: E) => R;
}

/**
 * A page of a read model, the newest procedures first.
 *
 * @throws Problem 400 when the page is not one of this list
 */
export async function listNewestFirst<E extends OpenedRow, R>(
  rows: Repository<E>,
  paging: Paging,
  { where, narrow, rowOf }: ListOptions<E, R>,
): Promise<PageOf<R>> {
  const query = rows.createQueryBuilder('row');
  for (const [column, value] of Object.entries(where)) {
    if (value !== undefined) query.andWhere(`row.${column} = :${column}`, { [column]: value as unknown });
  }
  narrow?.(query);
  const [after] = paging.after('position') ?? [];
  if (after !== undefined) query.andWhere('row.openedPosition < :after', { after });
  const found = await query
    .orderBy('row.openedPosition', 'DESC')
    .limit(paging.limit + 1)
    .getMany();
  const { items } = paging.answer(found, ({ openedPosition }) => [openedPosition]);
  return { items: items.map(rowOf) };
}

/**
 * The current state of one procedure as its view, with its version as `ETag`.
 *
 * @param viewOf null for a state that is not there yet
 * @throws Problem 404 with the code, when there is nothing to show
 */
export async function showProcedure<C, S, E extends { readonly type: string; readonly data: object }, V>(
  handler: ProcedureHandler,
  reply: FastifyReply,
  procedure: ProcedureDefinition<C, S, E>,
  id: string,
  viewOf: (state: S, version: number) => V | null,
  unknown: { readonly code: string; readonly message: string },
): Promise<V> {
  const { state, version } = await handler.load(procedure, id);
  const view = viewOf(state, version);
  if (view === null) throw notFound(unknown.code, unknown.message);
  setVersion(reply, version);
  return view;
}
