import {
  type AskedClearance,
  type ClearanceReply,
  type Count,
  EMPTY_GATE,
  EMPTY_LEDGER,
  type GateEvent,
  type GateFile,
  type HoldLedger,
  type HoldLedgerEvent,
  type LeaseTerms,
  type Reading,
} from '@acogida/safeguards';

/** How often what nobody controls may happen. With these bounds there are finitely many states, and all are visited. */
export interface Budget {
  /** Attempts of departure. */
  readonly attempts: number;
  /** Holds placed, at each authority. */
  readonly places: number;
  readonly lifts: number;
  /** Steps of time. */
  readonly ticks: number;
  readonly gateCrashes: number;
  readonly authorityCrashes: number;
  /** Times that an authority is restored from a copy of before it granted anything. */
  readonly restores: number;
}

/** One world to explore. */
export interface Scenario {
  readonly name: string;
  readonly authorities: readonly {
    /** Whether the directory lists it in the gate's jurisdiction; else the gate asks it once it has heard of a hold. */
    readonly isListed: boolean;
    readonly leaseMs: number;
  }[];
  /** Whether authorities may be exchanged for one another: states that differ only in that count as one. */
  readonly isSymmetric: boolean;
  readonly budget: Budget;
}

/** Clocks run at 4 or 6 ms a tick, each as it likes: 20 % slower or faster than 5. */
export const RATES_MS = [4, 6] as const;
export const RATE_ERROR_PER_MILLE = 200;

/** What travels; it is never taken away, so that it may come again. */
export type Message =
  | { readonly kind: 'ask'; readonly to: number; readonly clearanceId: string }
  | { readonly kind: 'reply'; readonly from: number; readonly clearanceId: string; readonly reply: ClearanceReply }
  | { readonly kind: 'hold' | 'lift'; readonly from: number; readonly holdId: string; readonly number: number }
  | {
      readonly kind: 'halt';
      readonly from: number;
      readonly holdId: string;
      readonly number: number;
      readonly clearanceIds: readonly string[];
    }
  | {
      readonly kind: 'ack';
      readonly to: number;
      readonly holdId: string;
      readonly clearanceIds: readonly string[];
      readonly outcome: 'VOIDED' | 'DEPARTED';
    };

/** Decided on a version, not written yet: a process may be paused here for any time. */
export interface Pending<E> {
  readonly what: string;
  readonly version: number;
  readonly events: readonly E[];
}

/** The gate's process and its stream. */
export interface GateNode {
  readonly clock: Reading;
  readonly file: GateFile;
  readonly version: number;
  readonly pending: Pending<GateEvent> | null;
  /** Replies in memory, by clearance: a restart loses them. */
  readonly received: Readonly<Record<string, ClearanceReply>>;
}

/** An authority's process and its stream. */
export interface AuthorityNode {
  readonly clock: Reading;
  readonly ledger: HoldLedger;
  readonly version: number;
  readonly pending: Pending<HoldLedgerEvent> | null;
  /** What it published: a restored copy takes it back in. */
  readonly published: readonly HoldLedgerEvent[];
  /** Its last number on the log. */
  readonly number: number;
  /** After it was restored. */
  readonly unknownLeases: Count | null;
}

/** A state of everything. */
export interface World {
  readonly gate: GateNode;
  readonly authorities: readonly AuthorityNode[];
  /** By what they say. */
  readonly messages: Readonly<Record<string, Message>>;
  readonly left: Budget;
  /** Holds that were open when the person left: each has to be reported. No node knows of this. */
  readonly mustBeOvertaken: readonly string[];
}

/** Name of an authority on the log. */
export function authorityName(index: number): string {
  return `a${index}`;
}

/** The authority of a name. */
export function authorityIndex(name: string): number {
  return Number(name.slice(1));
}

/** Terms of an authority's leases. */
export function termsOf(scenario: Scenario, index: number): LeaseTerms {
  return { leaseMs: scenario.authorities[index]?.leaseMs ?? 0, rateErrorPerMille: RATE_ERROR_PER_MILLE };
}

/** Clearances as a gate asks for them: the same attempt always draws the same. */
export function clearancesOf(departureId: string, authorities: readonly string[]): readonly AskedClearance[] {
  return authorities.map((authority) => ({ authority, clearanceId: `${departureId}.${authority}` }));
}

/** Nothing has happened. */
export function initialWorld({ authorities, budget }: Scenario): World {
  const clock = { boot: '0', ms: 0 };
  return {
    gate: { clock, file: EMPTY_GATE, version: 0, pending: null, received: {} },
    authorities: authorities.map(() => ({
      ...{ clock, ledger: EMPTY_LEDGER, version: 0, pending: null, published: [], number: 0, unknownLeases: null },
    })),
    messages: {},
    left: budget,
    mustBeOvertaken: [],
  };
}

/** With one authority changed. */
export function withAuthority(world: World, index: number, change: Partial<AuthorityNode>): World {
  const authorities = world.authorities.map((node, at) => (at === index ? { ...node, ...change } : node));
  return { ...world, authorities };
}

/** With messages that are on their way from now on. */
export function withMessages(world: World, sent: readonly Message[]): World {
  const fresh = sent.map((message): [string, Message] => [JSON.stringify(message), message]);
  const news = fresh.filter(([key]) => !Object.hasOwn(world.messages, key));
  return news.length === 0 ? world : { ...world, messages: { ...world.messages, ...Object.fromEntries(news) } };
}

/** With one thing less that may happen. */
export function spend(world: World, what: keyof Budget): World {
  return { ...world, left: { ...world.left, [what]: world.left[what] - 1 } };
}
