import type { ContractProjection, ReceivedEvent, UnopenedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import type { KeyStore } from '@acogida/sealing';

type Page = Parameters<ContractProjection['apply']>[0];

/**
 * Shows a read model of others' events what is of an erased case as sealed, received or replayed, and keeps the other cases of a
 * page from being erased until its rows are committed: an erasure that comes meanwhile waits, and then sees them. Costs one
 * statement for each page that has anything of a case, of the types that it keeps.
 */
export function sparingProjection(
  projection: ContractProjection,
  keys: Pick<KeyStore, 'holdStanding'>,
): ContractProjection {
  const { replay, types } = projection;
  const spared = <P extends Page>(page: P, transaction: Transaction): Promise<P> =>
    sparedPage(page, transaction, { keys, types });
  return {
    ...projection,
    apply: async (page, transaction) => projection.apply(await spared(page, transaction), transaction),
    ...(replay === undefined
      ? {}
      : {
          replay: async (transaction) => {
            const building = await replay(transaction);
            return {
              add: async (page) => building.add(await spared(page, transaction)),
              finish: () => building.finish(),
            };
          },
        }),
  };
}

async function sparedPage<P extends Page>(
  page: P,
  transaction: Transaction,
  { keys, types }: { readonly keys: Pick<KeyStore, 'holdStanding'>; readonly types: ReadonlySet<string> | undefined },
): Promise<P> {
  const isKept = ({ payload }: ReceivedEvent): boolean => types?.has(payload.type) ?? true;
  const cases = [...new Set(page.opened.filter(isKept).flatMap(({ payload }) => payload.caseId ?? []))];
  if (cases.length === 0) return page;
  const erased = new Set(await keys.holdStanding(transaction, cases));
  if (erased.size === 0) return page;
  const isErased = (event: ReceivedEvent): boolean => isKept(event) && erased.has(event.payload.caseId ?? '');
  return {
    ...page,
    opened: page.opened.filter((event) => !isErased(event)),
    sealed: [...page.sealed, ...page.opened.filter(isErased).map(closed)],
  };
}

/** As an event that is not opened here; with when it was received, where that is said. */
function closed({ payload: _, clockAhead: __, ...known }: ReceivedEvent): UnopenedEvent {
  return { ...known, reason: 'sealed' };
}
