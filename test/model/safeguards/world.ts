import type { ConsentRegister } from '@acogida/referral';
import type {
  AskedClearance,
  ClearanceReply,
  Count,
  GateEvent,
  GateFile,
  Hold,
  HoldLedger,
  HoldLedgerEvent,
  LeaseTerms,
  Reading,
} from '@acogida/safeguards';
import type { Budget, LinkTerms, Scenario } from './terms.ts';

/** Clocks run at 4 or 6 ms a tick, each as it likes: 20 % slower or faster than 5. */
export const RATES_MS = [4, 6] as const;
export const RATE_ERROR_PER_MILLE = 200;

/** An authority's word on a hold. */
export interface HoldWord {
  readonly kind: 'hold' | 'lift';
  readonly from: number;
  readonly inCase: number;
  readonly holdId: string;
  readonly number: number;
  readonly takenOverFrom: string | null;
}

/** An authority tells the gate to halt. */
export interface HaltWord {
  readonly kind: 'halt';
  readonly from: number;
  readonly inCase: number;
  readonly holdId: string;
  readonly number: number;
  readonly clearanceIds: readonly string[];
}

/** The gate's answer to a halt. */
export interface HaltAnswerWord {
  readonly kind: 'ack';
  readonly to: number;
  readonly inCase: number;
  readonly holdId: string;
  /** Of the gate's stream that says it, and which of its words it is. */
  readonly answeredIn: number;
  readonly number: number;
  readonly clearanceIds: readonly string[];
  readonly outcome: 'VOIDED' | 'DEPARTED';
}

/** A question of the gate to an authority. */
export interface Question {
  readonly kind: 'ask';
  readonly to: number;
  readonly inCase: number;
  readonly clearanceId: string;
  /** Other cases of the person, as the gate has heard. */
  readonly named: readonly number[];
  /** Whether it is asked as the successor of one that is gone. */
  readonly inPlaceOfAnother: boolean;
}

/** What everybody hears: two cases are one person's, or are not. */
export interface LinkWord extends LinkTerms {
  readonly kind: 'link';
  readonly isLinked: boolean;
}

/** What everybody hears: the first authority is gone; the person withdrew consent elsewhere. */
export interface News {
  readonly kind: 'gone' | 'withdrawal';
}

/** What travels; it is never taken away, so that it may come again. */
export type Message =
  | Question
  | { readonly kind: 'reply'; readonly from: number; readonly clearanceId: string; readonly reply: ClearanceReply }
  | HoldWord
  | HaltWord
  | HaltAnswerWord
  | LinkWord
  | News;

/** Decided on a version, not written yet: a process may be paused here for any time. */
export interface Pending<E> {
  readonly what: string;
  /** Of each stream that it was decided on. */
  readonly versions: readonly number[];
  readonly events: readonly E[];
}

/** The gate's stream of one case. */
export interface GateCase {
  readonly file: GateFile;
  readonly version: number;
  readonly pending: Pending<GateEvent> | null;
  /** A departure that is written while whoever wrote it has not opened the door yet. */
  readonly door: string | null;
  /** What it published: a restored copy takes it back in. */
  readonly published: readonly GateEvent[];
}

/** The gate's process and its streams. */
export interface GateNode {
  readonly clock: Reading;
  readonly cases: readonly GateCase[];
  /** Replies in memory, by clearance: a restart loses them. */
  readonly received: Readonly<Record<string, ClearanceReply>>;
  /** The person's consents, as the gate knows them. */
  readonly consents: ConsentRegister;
  /** It was restored, and no officer has attested what was lost. */
  readonly awaitsAttestation: boolean;
  readonly knowsSuccession: boolean;
}

/** An event of an authority, and on which case's ledger. */
export interface LedgerEntry {
  readonly inCase: number;
  readonly event: HoldLedgerEvent;
}

/** What an authority wrote in one transaction. */
export interface LedgerWrite {
  readonly entries: readonly LedgerEntry[];
  /** The same for whatever a copy that has it says. */
  readonly text: string;
}

/** A hold that went with the database; whoever placed it has it on paper. */
export interface HoldOnPaper {
  readonly inCase: number;
  /** Of the person, as it was known there. */
  readonly cases: readonly number[];
  readonly hold: Hold;
}

/** An authority's stream of one case. */
export interface LedgerStream {
  readonly ledger: HoldLedger;
  readonly version: number;
}

/** A hold of another authority, by the last words on it that an authority has heard; 0 where it has heard none. */
export interface KnownHold {
  readonly inCase: number;
  readonly holdId: string;
  readonly placed: number;
  readonly lifted: number;
}

/** An authority's process and its streams. */
export interface AuthorityNode {
  readonly clock: Reading;
  readonly ledgers: readonly LedgerStream[];
  readonly pending: Pending<LedgerEntry> | null;
  readonly published: readonly LedgerEntry[];
  /** All that a copy may have, as long as it may be restored. */
  readonly written: readonly LedgerWrite[];
  readonly onPaper: readonly HoldOnPaper[];
  /** Its last number on the log. */
  readonly number: number;
  /** After it was restored, or succeeded another. */
  readonly unknownLeases: Count | null;
  readonly isRestored: boolean;
  readonly isGone: boolean;
  readonly knowsSuccession: boolean;
  /** What it has heard of the authority to which it hands its own holds over. */
  readonly known: readonly KnownHold[];
}

/** Somebody who went through the door. */
export interface Leaving {
  readonly departureId: string;
  readonly inCase: number;
}

/** A state of everything. */
export interface World {
  readonly gate: GateNode;
  readonly authorities: readonly AuthorityNode[];
  /** By what they say. */
  readonly messages: Readonly<Record<string, Message>>;
  readonly left: Budget;
  /** Who has really left: a restored gate does not know of it. */
  readonly leavings: readonly Leaving[];
  /** Holds that were open when the person left: each has to be reported. No node knows of this. */
  readonly mustBeOvertaken: readonly string[];
}

/** The gate's agency. */
export function gateOf({ isOwnGate }: Scenario): string {
  return isOwnGate ? authorityName(0) : 'gate';
}

/** Name of an authority on the log. */
export function authorityName(index: number): string {
  return `a${index}`;
}

/** The authority of a name. */
export function authorityIndex(name: string): number {
  return Number(name.slice(1));
}

/** Id of a case. */
export function caseName(index: number): string {
  return `c${index}`;
}

/** Terms of an authority's leases. */
export function termsOf(scenario: Scenario, index: number): LeaseTerms {
  return { leaseMs: scenario.authorities[index]?.leaseMs ?? 0, rateErrorPerMille: RATE_ERROR_PER_MILLE };
}

/** Clearances as a gate asks for them: the same attempt always draws the same. */
export function clearancesOf(departureId: string, authorities: readonly string[]): readonly AskedClearance[] {
  return authorities.map((authority) => ({ authority, clearanceId: `${departureId}.${authority}` }));
}

/** An authority of this world. */
export function authorityAt({ authorities }: World, index: number): AuthorityNode {
  return authorities[index] as AuthorityNode;
}

/** An authority's ledger of a case. */
export function ledgerAt({ ledgers }: AuthorityNode, inCase: number): HoldLedger {
  return (ledgers[inCase] as LedgerStream).ledger;
}

/** Whether a ledger takes nothing but holds: one that it had is not placed again yet, and nobody has attested what was lost. */
export function isUnattested({ onPaper }: AuthorityNode, inCase: number): boolean {
  return onPaper.some((one) => one.inCase === inCase);
}

/** The gate's stream of a case. */
export function gateCaseAt({ gate }: World, inCase: number): GateCase {
  return gate.cases[inCase] as GateCase;
}

/** With one authority changed. */
export function withAuthority(world: World, index: number, change: Partial<AuthorityNode>): World {
  const authorities = world.authorities.map((node, at) => (at === index ? { ...node, ...change } : node));
  return { ...world, authorities };
}

/** With the gate changed. */
export function withGate(world: World, change: Partial<GateNode>): World {
  return { ...world, gate: { ...world.gate, ...change } };
}

/** With one stream of the gate changed. */
export function withGateCase(world: World, inCase: number, change: Partial<GateCase>): World {
  return withGate(world, { cases: world.gate.cases.map((one, at) => (at === inCase ? { ...one, ...change } : one)) });
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
