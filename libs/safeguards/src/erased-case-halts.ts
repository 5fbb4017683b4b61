import type { Decider, Instant } from '@acogida/core';
import type { GateWord } from './publish-gate.ts';

/** A halt of a case that was erased at the gate: it has no stream of that case any more, and never will have. */
export interface ErasedCaseHalt {
  readonly caseId: string;
  /** The agency that said it, as verified. */
  readonly authority: string;
  readonly holdId: string;
  readonly clearanceIds: readonly string[];
  /** Number on its topic, and when it said it: the copies of one word have the same time. */
  readonly number: number;
  readonly orderedAt: Instant;
}

/** Answers it. */
export interface AnswerErasedCaseHalt extends ErasedCaseHalt {
  readonly type: 'AnswerErasedCaseHalt';
  /** Whether the circle can be told: only where one key of the network opens everything, since those of the case are destroyed. */
  readonly toCircle: boolean;
  readonly now: Instant;
}

/** Events of a stream `erased-case-halts-<holdId>`. */
export interface ErasedCaseHaltAnswered {
  readonly type: 'ErasedCaseHaltAnswered';
  readonly data: ErasedCaseHalt & { readonly toCircle: boolean; readonly answeredAt: Instant };
}

type State = readonly ErasedCaseHalt[];

/** Nobody can leave by a case that is erased, and who had left nobody knows any more. A word that is said again is answered again. */
export const erasedCaseHaltDecider: Decider<AnswerErasedCaseHalt, State, ErasedCaseHaltAnswered> = {
  initialState: [],
  decide: ({ type: _, now, ...halt }, answered) => {
    const isAnswered = answered.some(
      ({ authority, orderedAt, number }) =>
        authority === halt.authority && (orderedAt === halt.orderedAt || number >= halt.number),
    );
    return isAnswered ? [] : [{ type: 'ErasedCaseHaltAnswered', data: { ...halt, answeredAt: now } }];
  },
  evolve: (answered, { data }) => [...answered, data],
};

function publish({ data }: ErasedCaseHaltAnswered): readonly GateWord[] {
  const { caseId, authority, holdId, clearanceIds, toCircle, answeredAt: occurredAt } = data;
  const frame = { class: 'clearance', type: 'HaltAcknowledged', schemaVersion: 1, caseId, occurredAt } as const;
  const said = { holdId, authority, clearanceIds: [...clearanceIds], outcome: 'VOIDED', departedAt: null } as const;
  return [{ ...frame, data: said, audience: toCircle ? 'coded' : { to: authority, under: 'offer-key' } }];
}

/** On streams `erased-case-halts-<holdId>`, which are of no case: what is written under the keys of an erased one nobody can read. */
export const erasedCaseHaltsProcedure = {
  name: 'erased-case-halts',
  decider: erasedCaseHaltDecider,
  versions: { ErasedCaseHaltAnswered: 1 },
  upcasters: [],
  publish,
  caseOf: (): null => null,
} as const;
