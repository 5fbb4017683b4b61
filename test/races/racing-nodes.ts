import { asylumNode } from '@acogida/asylum';
import { directoryNode } from '@acogida/directory';
import { intakeNode } from '@acogida/intake';
import type { RemovalHold } from '@acogida/reference';
import { holdLedgerProcedure } from '@acogida/safeguards';
import { DepartureGate, holdDesk, type MonotonicClock, type NodeDefinition } from '@acogida/service-kit';
import type { WatchedDoor } from './watched-door.ts';

/** The gate. */
export const BORDER = 'cr-border-intake';
/** The authority that the directory lists for the gate's country. */
export const REFUGE = 'cr-refugee-unit';
/** One of another country, which the gate asks only once it has heard of a hold of its. */
export const COMAR = 'mx-comar';
/** Names who clears departures. */
export const DIRECTORY = 'regional-directory';
/** Agencies of a race. */
export type Racer = typeof BORDER | typeof REFUGE | typeof COMAR | typeof DIRECTORY;

/** Kinds that the services' own procedures place. */
const OWN: Readonly<Record<'intake' | 'asylum', readonly RemovalHold[]>> = {
  intake: ['NEEDS_NOT_ASSESSED', 'ASYLUM_INTENT'],
  asylum: ['ASYLUM_INTENT', 'ASYLUM_PENDING', 'APPEAL_OPEN', 'RECOGNIZED', 'COMPLEMENTARY'],
};

/**
 * A service whose leases are counted by a clock of the spec: in production one process has one clock, here several nodes share a
 * process, and are started again in it. Nothing else of its desk is other.
 */
function counting(definition: NodeDefinition, own: readonly RemovalHold[], monotonic: MonotonicClock): NodeDefinition {
  const desk = holdDesk(own, { monotonic });
  return {
    ...definition,
    providers: [...definition.providers, ...desk.providers],
    policies: (context) => {
      const mine = desk.policies(context);
      const others = definition.policies(context).filter(({ name }) => mine.every((one) => one.name !== name));
      return [...others, ...mine];
    },
    deadlines: [
      ...(definition.deadlines ?? []).filter(({ procedure }) => procedure.name !== holdLedgerProcedure.name),
      ...desk.deadlines,
    ],
  };
}

/** What an agency runs, with the clock of its process. */
export function definitionOf(agency: Racer, monotonic: MonotonicClock, door: WatchedDoor): NodeDefinition {
  switch (agency) {
    case DIRECTORY:
      return directoryNode;
    case BORDER: {
      const intake = counting(intakeNode, OWN.intake, monotonic);
      return { ...intake, providers: [...intake.providers, { provide: DepartureGate, useClass: door.gate() }] };
    }
    case REFUGE:
    case COMAR:
      return counting(asylumNode, OWN.asylum, monotonic);
  }
}
