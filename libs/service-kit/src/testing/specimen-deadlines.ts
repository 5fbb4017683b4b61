import { type Decider, DomainError, type Instant } from '@acogida/core';
import type { ProcedureDefinition } from '@acogida/event-store';
import { deadlineRule } from '../deadlines/deadline-rule.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { specimenNode } from './specimen-node.ts';

/** What a bed waits for: somebody who comes, then somebody who says that it is free again. */
export type BedDeadline = 'ARRIVE' | 'CLEAR';

/** A bed that is kept for somebody for a time. */
export interface Bed {
  readonly open: { readonly kind: BedDeadline; readonly dueAt: Instant } | null;
  readonly missed: number;
}

/** Keeping a bed, and what becomes of it. */
export type BedCommand =
  | { readonly type: 'KeepBed'; readonly until: Instant }
  | { readonly type: 'NoteArrival' }
  | {
      readonly type: 'MissDeadline';
      readonly kind: BedDeadline;
      readonly now: Instant;
      readonly clearBy: Instant | null;
    };

/** What happened to a bed. */
export type BedEvent =
  | { readonly type: 'BedKept'; readonly data: { readonly arriveBy: Instant } }
  | { readonly type: 'ArrivalNoted'; readonly data: Record<string, never> }
  | {
      readonly type: 'DeadlineMissed';
      readonly data: { readonly missedAt: Instant; readonly clearBy: Instant | null };
    };

const decider: Decider<BedCommand, Bed, BedEvent> = {
  initialState: { open: null, missed: 0 },
  decide: (command, { open }) => {
    switch (command.type) {
      case 'KeepBed':
        return [{ type: 'BedKept', data: { arriveBy: command.until } }];
      case 'NoteArrival':
        return open === null ? [] : [{ type: 'ArrivalNoted', data: {} }];
      case 'MissDeadline':
        if (open?.kind !== command.kind) return [];
        if (open.dueAt > command.now) throw new DomainError('BED.NOT_DUE', 'conflict', 'it is not due yet');
        return [{ type: 'DeadlineMissed', data: { missedAt: command.now, clearBy: command.clearBy } }];
    }
  },
  evolve: (bed, event) => {
    switch (event.type) {
      case 'BedKept':
        return { ...bed, open: { kind: 'ARRIVE', dueAt: event.data.arriveBy } };
      case 'ArrivalNoted':
        return { ...bed, open: null };
      case 'DeadlineMissed': {
        const { clearBy } = event.data;
        return { open: clearBy === null ? null : { kind: 'CLEAR', dueAt: clearBy }, missed: bed.missed + 1 };
      }
    }
  },
};

/** The smallest procedure that has deadlines: the one that is missed opens another, which closes it. */
export const bedProcedure: ProcedureDefinition<BedCommand, Bed, BedEvent> = {
  name: 'bed',
  decider,
  versions: { BedKept: 1, ArrivalNoted: 1, DeadlineMissed: 1 },
  upcasters: [],
  publish: () => null,
  caseOf: () => null,
};

/** Time to clear a bed after nobody came. */
export const CLEAR_WITHIN_MS = 60 * 60 * 1000;

/** What is missed is recorded, and a bed that nobody came for is to be cleared within the hour. */
export const bedDeadlines = deadlineRule({
  procedure: bedProcedure,
  revision: 1,
  openIn: ({ open }: Bed) => (open === null ? [] : [open]),
  handle: async ({ id, kind, dueAt }, { now, run }) => {
    const clearBy = kind === 'ARRIVE' ? new Date(Date.parse(dueAt) + CLEAR_WITHIN_MS).toISOString() : null;
    await run({ procedure: bedProcedure, id, command: { type: 'MissDeadline', kind, now, clearBy } });
  },
});

/** The specimen node with beds. */
export const specimenNodeWithDeadlines: NodeDefinition = {
  ...specimenNode,
  procedures: [...specimenNode.procedures, bedProcedure],
  deadlines: [bedDeadlines],
};
