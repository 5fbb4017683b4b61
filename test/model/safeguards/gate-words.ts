import type { GateCommand, HeardHold } from '@acogida/safeguards';
import type { Setting } from './setting.ts';
import { authorityName, caseName, gateCaseAt, type HaltWord, type HoldWord, linkedTo, type World } from './world.ts';
import { NOW, runAtGate } from './writing.ts';

/** Runs a command in several streams of the gate, in one transaction. */
function runInAll(setting: Setting, world: World, cases: readonly number[], command: GateCommand): World {
  return cases.reduce<World>((next, inCase) => runAtGate(setting, next, inCase, command), world);
}

/** Where a word on a hold counts: on its case, on those that are linked to it, and wherever the hold was heard of. */
function casesOf({ rules }: Setting, world: World, { inCase, from, holdId }: HoldWord | HaltWord): readonly number[] {
  const hears = world.gate.cases.flatMap(({ file }, at) =>
    file.heard.some((one) => one.authority === authorityName(from) && one.holdId === holdId) ? [at] : [],
  );
  const linked = rules.broken === 'HOLD_HEARD_FOR_LINKED' ? [] : linkedTo(gateCaseAt(world, inCase).file, inCase);
  return [...new Set([inCase, ...linked, ...hears])].sort();
}

/** An authority's word on a hold, as the gate takes it in. */
export function hearHold(setting: Setting, world: World, word: HoldWord): World {
  const { kind, from, holdId, number, takenOverFrom } = word;
  const said = { authority: authorityName(from), holdId, number, now: NOW };
  const cases = casesOf(setting, world, word);
  return kind === 'lift'
    ? runInAll(setting, world, cases, { type: 'HearHoldLifted', ...said })
    : runInAll(setting, world, cases, { type: 'HearHold', ...said, since: NOW, takenOverFrom });
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
  return found.length > 0 ? found : casesOf(setting, world, word).map((at) => ({ at, known: clearanceIds }));
}

/**
 * A halt is answered in the case whose attempt has the clearance, whatever case the hold is of. A gate that was restored leaves it
 * until an officer has attested who left.
 */
export function hearHalt(setting: Setting, world: World, word: HaltWord): World {
  const { from, inCase, holdId, number } = word;
  if (world.gate.awaitsAttestation && setting.rules.broken !== 'GATE_LEAVES_HALTS_UNANSWERED') return world;
  const said = { authority: authorityName(from), holdId, number, since: NOW, now: NOW };
  const halts = answering(setting, world, word);
  const halted = halts.reduce<World>((next, { at, known: clearanceIds }) => {
    const command = { type: 'RecordHalt', caseId: caseName(inCase), ...said, clearanceIds } as const;
    return runAtGate(setting, next, at, command);
  }, world);
  const others = casesOf(setting, world, word).filter((one) => !halts.some(({ at }) => at === one));
  return runInAll(setting, halted, others, { type: 'HearHold', ...said, takenOverFrom: null });
}

/** What was heard of a hold, as it is said again: its end as well, or an earlier word that comes late would count. */
function wordOf({ authority, holdId, number, takenOverFrom, isOpen }: HeardHold): GateCommand {
  const said = { authority, holdId, number, now: NOW };
  return isOpen ? { type: 'HearHold', ...said, since: NOW, takenOverFrom } : { type: 'HearHoldLifted', ...said };
}

/** The two cases are one person's: each learns of it, and of the holds that were heard of on the other. */
export function hearLink(setting: Setting, world: World): World {
  return world.gate.cases.reduce<World>((next, _, inCase) => {
    const other = 1 - inCase;
    const link = { type: 'HearCaseLink', linkedCaseId: caseName(other), now: NOW } as const;
    const linked = runAtGate(setting, next, inCase, link);
    if (setting.rules.broken === 'HOLD_HEARD_FOR_LINKED') return linked;
    return gateCaseAt(world, other).file.heard.reduce<World>(
      (known, heard) => runAtGate(setting, known, inCase, wordOf(heard)),
      linked,
    );
  }, world);
}
