import { DomainError } from '@acogida/core';
import type { TraffickingIndicatorFlaggedV1Data } from '@acogida/contracts';
import { findIndicator } from '@acogida/reference';
import { mergeChild } from './age-status.ts';
import type { FlagChild, FlagTraffickingIndicator, RecordAsylumIntent } from './case-intake-commands.ts';
import type { CaseIntakeEvent } from './case-intake-events.ts';
import type { CaseIntake } from './case-intake-state.ts';
import { assertPartialDate } from './refusals.ts';
import { isSameFact } from './same-fact.ts';

type Indicator = TraffickingIndicatorFlaggedV1Data['indicators'][number];

/** Records words or conduct that show fear, in any state; each further expression is a fact of its own (INV-06). */
export function recordAsylumIntent(command: RecordAsylumIntent, state: CaseIntake): readonly CaseIntakeEvent[] {
  const { expressedOn, manner } = command;
  assertPartialDate(expressedOn, command.at);
  const data = { expressedOn, manner };
  if (state.asylumIntents.some((intent) => isSameFact(intent, data))) return [];
  return [{ type: 'AsylumIntentExpressed', data }];
}

/** Records a child, or doubt, in any state: never refused, and never weakened by a vaguer report (INV-08). */
export function flagChild(command: FlagChild, state: CaseIntake): readonly CaseIntakeEvent[] {
  const child = mergeChild(state.child, { basis: command.basis, careStatus: command.careStatus });
  return isSameFact(child, state.child) ? [] : [{ type: 'ChildIdentified', data: child }];
}

function knownFrom(source: TraffickingIndicatorFlaggedV1Data['source'], state: CaseIntake): readonly Indicator[] {
  return state.traffickingFlags.filter((flag) => flag.source === source).flatMap((flag) => flag.indicators);
}

/** Records indicators in any state. None is needed: a plain suspicion opens the way to screening (domain.md 2.4). */
export function flagTraffickingIndicator(
  command: FlagTraffickingIndicator,
  state: CaseIntake,
): readonly CaseIntakeEvent[] {
  const { source } = command;
  const indicators: Indicator[] = [];
  for (const { list, dimension, code } of command.indicators) {
    if (findIndicator(dimension, code) === undefined) {
      throw new DomainError('INTAKE.INDICATOR_UNKNOWN', 'invalid', 'the list holds no such indicator', {
        list,
        dimension,
        code,
      });
    }
    const indicator = { list, dimension, code };
    if (!indicators.some((other) => isSameFact(other, indicator))) indicators.push(indicator);
  }
  const suspectedBefore = state.traffickingFlags.some((flag) => flag.source === source);
  const known = knownFrom(source, state);
  const nothingNew = indicators.every((indicator) => known.some((other) => isSameFact(other, indicator)));
  if (suspectedBefore && nothingNew) return [];
  return [{ type: 'TraffickingIndicatorFlagged', data: { source, indicators } }];
}
