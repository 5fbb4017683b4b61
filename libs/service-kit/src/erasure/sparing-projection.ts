import type { ContractProjection, ReceivedEvent, UnopenedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import type { KeyStore } from '@acogida/sealing';

type Page = Parameters<ContractProjection['apply']>[0];

/**
 * Shows a read model of others' events what is of an erased case as sealed, received or replayed, and keeps the other cases of a
 * page from being erased until its rows are committed: an erasure that comes meanwhile waits, and then sees them. Costs one
 * statement for each page that has anything of a case.
 */
export function sparingProjection(
  projection: ContractProjection,
  keys: Pick<KeyStore, 'holdStanding'>,
): ContractProjection {
  const { replay } = projection;
  const spared = <P extends Page>(page: P, transaction: Transaction): Promise<P> => sparedPage(page, transaction, keys);
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
  keys: Pick<KeyStore, 'holdStanding'>,
): Promise<P> {
  const cases = [...new Set(page.opened.flatMap(({ payload }) => payload.caseId ?? []))];
  if (cases.length === 0) return page;
  const erased = new Set(await keys.holdStanding(transaction, cases));
  if (erased.size === 0) return page;
  const isErased = ({ payload }: ReceivedEvent): boolean => payload.caseId !== null && erased.has(payload.caseId);
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
