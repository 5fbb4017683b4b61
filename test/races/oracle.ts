import {
  EMPTY_LEDGER,
  type GateFile,
  type Hold,
  holdLedgerDecider,
  type HoldLedger,
  type HoldLedgerEvent,
  openHolds,
} from '@acogida/safeguards';
import type { DoorOpened } from './watched-door.ts';

/** What the streams of a case say once all was delivered and all leases are over. */
export interface CaseRecord {
  readonly gate: GateFile;
  /** Of each authority. */
  readonly ledgers: readonly (readonly HoldLedgerEvent[])[];
  readonly doors: readonly DoorOpened[];
  /** Instant of the world's time in milliseconds. */
  readonly instantAt: (ms: number) => string;
}

/** What a case shows. */
export interface Finding {
  /** Each begins with what is broken, `S1`. */
  readonly violations: readonly string[];
  /** Holds before whose protection the person had left, and that say so. */
  readonly overtaken: number;
}

function foldOf(events: readonly HoldLedgerEvent[]): HoldLedger {
  return events.reduce((ledger, event) => holdLedgerDecider.evolve(ledger, event), EMPTY_LEDGER);
}

/** S2: what stood open when each clearance was granted. */
function grantsOnHolds(events: readonly HoldLedgerEvent[]): readonly string[] {
  return events.flatMap(({ type }, index) =>
    type === 'ClearanceGranted' && openHolds(foldOf(events.slice(0, index))).length > 0
      ? ['S2 a clearance was granted while a hold was open']
      : [],
  );
}

function stoodAt({ placedAt, liftedAt }: Hold, instant: string): boolean {
  return placedAt < instant && (liftedAt === null || liftedAt > instant);
}

/** S1 and S3 for one hold and one opened door. */
function brokenBy(hold: Hold, door: DoorOpened, { instantAt }: CaseRecord): readonly string[] {
  const instant = instantAt(door.atMs);
  if (!stoodAt(hold, instant) || hold.isOvertaken) return [];
  const isProtected = hold.protection !== null && hold.protection.protectedAt < instant;
  return [
    isProtected
      ? `S1 the door opened at ${instant}, and the hold was protected at ${hold.protection?.protectedAt ?? ''}`
      : `S3 the door opened at ${instant} under a hold that was placed at ${hold.placedAt}, and nobody says so`,
  ];
}

/** Whoever was let out stands in the gate's stream: else no halt could ever hear of it. */
function unwritten({ gate, doors }: CaseRecord): readonly string[] {
  return doors
    .filter(({ departureId }) => gate.departures.every((one) => one.departureId !== departureId))
    .map(() => 'S3 somebody was let out, and the gate has no departure');
}

/** Reads from what was written, and from who went through the door, whether S1, S2 and S3 held for one case. */
export function judgeCase(record: CaseRecord): Finding {
  const holds = record.ledgers.flatMap((events) => foldOf(events).holds);
  const bare = holds.filter(({ isOpen, protection }) => isOpen && protection === null);
  return {
    violations: [
      ...record.ledgers.flatMap(grantsOnHolds),
      ...record.doors.flatMap((door) => holds.flatMap((hold) => brokenBy(hold, door, record))),
      ...bare.map(() => 'S3 a hold is never protected'),
      ...unwritten(record),
    ],
    overtaken: record.ledgers.flat().filter(({ type }) => type === 'DepartureOvertaken').length,
  };
}
