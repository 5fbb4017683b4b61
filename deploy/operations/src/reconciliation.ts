/** What an agency's own node says of its contract events. */
export interface OwnCounts {
  readonly committed: number;
  readonly sequenced: number;
  readonly published: number;
}

/** What a node says of the events of one other agency. */
export interface SourceCounts {
  readonly source: string;
  readonly received: number;
  readonly applied: number;
  readonly unknown: number;
  /** Sealed for others, or not yet readable there: received, and nothing is missing. */
  readonly sealed: number;
  /** Pseudonyms whose sealed events are still to be read again, because a key has come; left out by older nodes. */
  readonly unlocking?: number;
  readonly parked: number;
  readonly quarantined: number;
  readonly held: number;
  readonly lastNumber: number;
  readonly contiguous: boolean;
  readonly duplicatesInEffect: number;
  readonly outOfOrder: number;
  readonly unverifiable: number;
  readonly status: 'flowing' | 'gap' | 'stopped';
}

/** The counts of one node. */
export interface NodeCounts {
  readonly agency: string;
  readonly own: OwnCounts;
  readonly sources: readonly SourceCounts[];
}

/** The result as it is printed with `--json`. */
export interface Reconciliation {
  readonly agencies: readonly {
    readonly agency: string;
    readonly committed: number;
    readonly sequenced: number;
    readonly published: number;
    readonly nodes: readonly {
      readonly node: string;
      readonly received: number;
      readonly applied: number;
      readonly sealed: number;
    }[];
  }[];
  /** Events that an agency committed and some node did not receive, summed over nodes. */
  readonly lost: number;
  /** Events that took effect twice, summed over nodes. */
  readonly duplicates: number;
  /** Events that took effect out of the order of their stream, summed over nodes. */
  readonly outOfOrder: number;
  readonly quarantined: number;
  /**
   * Everything committed is numbered, published and received everywhere, and applied or sealed there, once, in order, without gap; what
   * a key has come for was read again.
   */
  readonly equal: boolean;
}

const NOTHING_RECEIVED = {
  received: 0,
  applied: 0,
  unknown: 0,
  sealed: 0,
  unlocking: 0,
  parked: 0,
  quarantined: 0,
  held: 0,
  lastNumber: 0,
  contiguous: true,
  duplicatesInEffect: 0,
  outOfOrder: 0,
  unverifiable: 0,
  status: 'flowing',
} as const;

/** What `node` knows of `source`, zeros when it never heard of it. */
export function countsOf(node: NodeCounts, source: string): SourceCounts {
  return node.sources.find((counts) => counts.source === source) ?? { source, ...NOTHING_RECEIVED };
}

function isEqual(own: OwnCounts, at: SourceCounts): boolean {
  const everywhere = [own.sequenced, own.published, at.received, at.applied + at.sealed, at.lastNumber];
  const isRead = (at.unlocking ?? 0) === 0;
  return everywhere.every((count) => count === own.committed) && isRead && at.contiguous && at.status === 'flowing';
}

/**
 * Compares what every agency committed with what every other node received and applied. Pure: run it on counts read while
 * nothing was under way.
 */
export function reconcile(nodes: readonly NodeCounts[]): Reconciliation {
  const pairs = nodes.flatMap((agency) =>
    nodes.filter((node) => node !== agency).map((node) => ({ agency, at: countsOf(node, agency.agency) })),
  );
  const sum = (count: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((total, pair) => total + count(pair), 0);
  const lost = sum(({ agency, at }) => Math.max(0, Math.max(agency.own.committed, at.lastNumber) - at.received));
  const duplicates = sum(({ at }) => at.duplicatesInEffect);
  const outOfOrder = sum(({ at }) => at.outOfOrder);
  const quarantined = sum(({ at }) => at.quarantined);
  const ownEqual = nodes.every(({ own }) => own.committed === own.sequenced && own.committed === own.published);
  const equal = ownEqual && pairs.every(({ agency, at }) => isEqual(agency.own, at));
  return {
    agencies: nodes.map((agency) => ({
      agency: agency.agency,
      ...agency.own,
      nodes: nodes
        .filter((node) => node !== agency)
        .map((node) => {
          const { received, applied, sealed } = countsOf(node, agency.agency);
          return { node: node.agency, received, applied, sealed };
        }),
    })),
    lost,
    duplicates,
    outOfOrder,
    quarantined,
    equal: equal && lost === 0 && duplicates === 0 && outOfOrder === 0 && quarantined === 0,
  };
}

/**
 * Whether nothing moved between two readings. Only what is compared counts: nodes tell more, such as when an agency was last
 * heard, and every heartbeat changes that.
 */
export function isUnchanged(before: readonly NodeCounts[], after: readonly NodeCounts[]): boolean {
  return JSON.stringify(before.map(comparedOf)) === JSON.stringify(after.map(comparedOf));
}

function comparedOf({ agency, own, sources }: NodeCounts): unknown {
  const { committed, sequenced, published } = own;
  return [agency, committed, sequenced, published, sources.map((at) => COMPARED.map((name) => at[name]))];
}

const COMPARED = ['source', ...(Object.keys(NOTHING_RECEIVED) as (keyof typeof NOTHING_RECEIVED)[])] as const;
