import type { ClearanceRefusal } from '@acogida/reference';
import { type ClearanceReply, type HoldLedgerCommand, openHolds, replyTo } from '@acogida/safeguards';
import { isHeldElsewhere } from './handing-over.ts';
import { casesGoneBy } from './links.ts';
import type { Setting } from './setting.ts';
import { holdsToTakeOver } from './standing-holds.ts';
import {
  authorityAt,
  authorityName,
  type AuthorityNode,
  caseName,
  gateOf,
  ledgerAt,
  type LedgerEntry,
  type Question,
  termsOf,
  withAuthority,
  withMessages,
  type World,
} from './world.ts';
import { entriesOf, NOW, type Step, stepTo } from './writing.ts';

/** Cases of the person: by what the authority heard, and by what the gate named with its question. */
function casesAsked(setting: Setting, node: AuthorityNode, { inCase, named }: Question): readonly number[] {
  return casesGoneBy(setting, node, inCase, setting.rules.broken === 'NAMED_CASES_COUNT' ? [] : named);
}

/** What speaks against a clearance beside the ledger that is asked. */
function obstaclesAt({ rules }: Setting, world: World, question: Question, cases: readonly number[]) {
  const { to: index, inCase, inPlaceOfAnother } = question;
  const node = authorityAt(world, index);
  const isHeld = cases.some((one) => one !== inCase && openHolds(ledgerAt(node, one)).length > 0);
  const isHeard = isHeldElsewhere(node, cases);
  const isBehind = holdsToTakeOver(world, index).length > 0;
  const isUnaware = inPlaceOfAnother && !node.knowsSuccession;
  return [
    ...(isUnaware && rules.broken !== 'SUCCESSOR_KNOWS_ITS_PLACE' ? (['EVENT_PARKED'] as const) : []),
    ...(node.isRestored && node.unknownLeases !== null ? (['AWAITS_ATTESTATION'] as const) : []),
    ...(isHeld && rules.broken !== 'LINKED_HOLDS_REFUSE' ? (['HOLD_ACTIVE'] as const) : []),
    ...(isHeard && rules.broken !== 'HEARD_HOLDS_REFUSE' ? (['HOLD_ACTIVE'] as const) : []),
    ...(isBehind && rules.broken !== 'SUCCESSOR_TAKES_OVER_FIRST' ? (['HOLD_ACTIVE'] as const) : []),
  ] satisfies readonly ClearanceRefusal[];
}

/** What an authority tells a gate again: what its ledger says, unless a hold on a linked one has ended it since. */
function replyOf(node: AuthorityNode, cases: readonly number[], question: Question): ClearanceReply | null {
  const { inCase, clearanceId } = question;
  const reply = replyTo(ledgerAt(node, inCase), clearanceId, node.clock);
  if (reply?.isGranted !== true) return reply;
  const others = cases.filter((one) => one !== inCase).map((one) => ledgerAt(node, one));
  const isHalted = others.some(
    (other) => openHolds(other).length > 0 || other.halts.some((halt) => halt.clearanceIds.includes(clearanceId)),
  );
  return isHalted ? { isGranted: false, reasons: ['HOLD_ACTIVE'] } : reply;
}

/** The authority decides and may be paused before it writes; once it has answered, it says the same again. */
export function answering(setting: Setting, world: World, question: Question): Step[] {
  const { to, clearanceId } = question;
  const node = authorityAt(world, to);
  const cases = casesAsked(setting, node, question);
  const reply = replyOf(node, cases, question);
  const replied = reply === null ? world : withMessages(world, [{ kind: 'reply', from: to, clearanceId, reply }]);
  const said = stepTo(`${authorityName(to)} answers ${clearanceId}`, true, world, replied);
  return node.pending === null ? [...said, ...deciding(setting, world, question, cases)] : said;
}

/** On the asked ledger; a lease is brought to those of the person's other cases, all or none. */
function deciding(setting: Setting, world: World, question: Question, known: readonly number[]): Step[] {
  const { to, inCase, clearanceId } = question;
  const { scenario, rules } = setting;
  const node = authorityAt(world, to);
  const name = authorityName(to);
  const acting = { by: name, reading: node.clock, now: NOW } as const;
  const asked = entriesOf(setting, node, inCase, {
    ...{ type: 'AnswerClearance', ...acting, caseId: caseName(inCase), clearanceId },
    ...{ gate: gateOf(scenario), removal: 'EXPULSION', search: 'KNOWN', terms: termsOf(scenario, to) },
    obstacles: obstaclesAt(setting, world, question, known),
  });
  if (asked.length === 0) return [];
  const cases = rules.broken === 'CLEARANCE_IN_ALL_LEDGERS' ? [inCase] : known;
  const clearances = asked.flatMap(({ event }) => (event.type === 'ClearanceGranted' ? [event.data] : []));
  const news = { linkedCaseId: caseName(inCase), link: null, clearances, unknownLeases: null };
  const bring: HoldLedgerCommand = { type: 'LinkLedger', ...acting, ...news };
  const others = cases.filter((one) => one !== inCase && clearances.length > 0);
  const brought = others.flatMap((one): readonly LedgerEntry[] => entriesOf(setting, node, one, bring));
  const versions = node.ledgers.map(({ version }, at) => (cases.includes(at) ? version : -1));
  const pending = { what: clearanceId, versions, events: [...asked, ...brought] };
  const next = withAuthority(world, to, { pending });
  return [{ label: `${name} decides on ${clearanceId}`, isFair: true, next }];
}
