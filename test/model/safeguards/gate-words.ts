import type { GateCommand } from '@acogida/safeguards';
import { casesAtGate } from './links.ts';
import type { Setting } from './setting.ts';
import { authorityName, caseName, gateCaseAt, type HaltWord, type HoldWord, type World } from './world.ts';
import { NOW, runAtGate } from './writing.ts';

/** Cases that a word of one case concerns: its own, and those that are linked to it. */
function casesOf({ rules }: Setting, world: World, inCase: number): readonly number[] {
  if (rules.broken === 'HOLD_HEARD_FOR_LINKED') return [inCase];
  return casesAtGate(world, inCase);
}

/** Ends what is under way in other cases of the person, in the same transaction. */
export function endIn(
  setting: Setting,
  world: World,
  cases: readonly number[],
  why: Extract<GateCommand, { type: 'EndAttempt' }>['end'] = 'HOLD_HEARD',
): World {
  const end: GateCommand = { type: 'EndAttempt', end: why, now: NOW };
  return cases.reduce<World>((next, inCase) => runAtGate(setting, next, inCase, end), world);
}

/** An authority's word on a hold, as the gate takes it in: in the stream of its own case, and linked ones end what is under way. */
export function hearHold(setting: Setting, world: World, word: HoldWord): World {
  const { kind, from, inCase, holdId, number, takenOverFrom } = word;
  const said = { authority: authorityName(from), holdId, number, now: NOW };
  if (kind === 'lift') return runAtGate(setting, world, inCase, { type: 'HearHoldLifted', ...said });
  const heard = runAtGate(setting, world, inCase, { type: 'HearHold', ...said, since: NOW, takenOverFrom });
  if (heard === world) return world;
  const others = casesOf(setting, world, inCase).filter((one) => one !== inCase);
  return endIn(setting, heard, others);
}

/** Which of these clearances an attempt or a departure of a case has; all of them where somebody left, nobody knows by which. */
function clearancesIn(world: World, inCase: number, clearanceIds: readonly string[]): readonly string[] {
  const { attempt, departures } = gateCaseAt(world, inCase).file;
  if (departures.some((departure) => departure.clearanceIds.length === 0)) return clearanceIds;
  const asked = attempt?.asked.map(({ clearanceId }) => clearanceId) ?? [];
  const known = new Set([...asked, ...departures.flatMap((departure) => departure.clearanceIds)]);
  return clearanceIds.filter((clearanceId) => known.has(clearanceId));
}

/** The cases that answer a halt, each for its own clearances: those that have any, else all of the person. */
function answering(
  setting: Setting,
  world: World,
  word: HaltWord,
): readonly { at: number; known: readonly string[] }[] {
  const { inCase, clearanceIds } = word;
  if (setting.rules.broken === 'HALT_FINDS_CLEARANCE') return [{ at: inCase, known: clearanceIds }];
  const found = world.gate.cases
    .map((_, at) => ({ at, known: clearancesIn(world, at, clearanceIds) }))
    .filter(({ known }) => known.length > 0);
  return found.length > 0 ? found : casesOf(setting, world, inCase).map((at) => ({ at, known: clearanceIds }));
}

/**
 * A halt is answered in the case whose attempt has the clearance, whatever case the hold is of. A gate that was restored leaves it
 * until an officer has attested who left.
 */
export function hearHalt(setting: Setting, world: World, word: HaltWord): World {
  const { from, inCase, holdId, number } = word;
  if (world.gate.awaitsAttestation && setting.rules.broken !== 'GATE_LEAVES_HALTS_UNANSWERED') return world;
  const said = { authority: authorityName(from), holdId, number, since: NOW, orderedAt: String(number), now: NOW };
  const halts = answering(setting, world, word);
  const halted = halts.reduce<World>((next, { at, known: clearanceIds }) => {
    const place = { caseId: caseName(inCase), isOfLinkedCase: at !== inCase } as const;
    const command = { type: 'RecordHalt', ...place, ...said, clearanceIds } as const;
    return runAtGate(setting, next, at, command);
  }, world);
  const isAnswering = (one: number): boolean => halts.some(({ at }) => at === one);
  const hearing: GateCommand = { type: 'HearHold', ...said, takenOverFrom: null };
  const heard = isAnswering(inCase) ? halted : runAtGate(setting, halted, inCase, hearing);
  const others = casesOf(setting, world, inCase).filter((one) => one !== inCase && !isAnswering(one));
  return endIn(setting, heard, others);
}
