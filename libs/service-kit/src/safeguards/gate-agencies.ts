import type { NodeContext, ServiceKind } from '../node-definition.ts';

/** Kinds of services that run a departure gate; a spec compares them with the services that there are. */
export const GATE_KINDS: ReadonlySet<ServiceKind> = new Set(['intake', 'return-reintegration']);

/**
 * Other agencies that run a gate, by id. One that is gone is none: its leases end, and it answers nobody. The own gate asks the own
 * ledger every time, and hears nothing over the log.
 */
export function otherGates({ agencyId, members }: Pick<NodeContext, 'agencyId' | 'members'>): readonly {
  readonly agencyId: string;
  readonly jurisdiction: string | null;
}[] {
  return members()
    .filter(({ kind, successor = null }) => GATE_KINDS.has(kind) && successor === null)
    .filter((member) => member.agencyId !== agencyId)
    .toSorted((one, other) => (one.agencyId < other.agencyId ? -1 : 1));
}
