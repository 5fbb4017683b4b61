import {
  EMPTY_LEDGER,
  type GateFile,
  type Hold,
  holdLedgerDecider,
  type HoldLedger,
  type HoldLedgerEvent,
  openHolds,
} from '@acogida/safeguards';
import { holdsTogether } from './overtaken-alarms.ts';
import type { DoorOpened } from './watched-door.ts';

/** What one authority says of a case, and whom it told of it. */
export interface AuthorityRecord {
  readonly events: readonly HoldLedgerEvent[];
  /** Which holds it raised an alarm for: somebody had left before they protected (`holdsTogether`). */
  readonly alarms: ReadonlySet<string>;
  /** Ids of the holds that its screen of the person shows as overtaken. */
  readonly shown: readonly string[];
}

/** What the streams of a case say once all was delivered and all leases are over. */
export interface CaseRecord {
  readonly gate: GateFile;
  readonly authorities: readonly AuthorityRecord[];
  readonly doors: readonly DoorOpened[];
  /** Instant of the world's time in milliseconds. */
  readonly instantAt: (ms: number) => string;
}

/** What a case shows. */
export interface Finding {
  /** Each begins with what is broken, `S1`. */
  readonly violations: readonly string[];
  /** Whether the person had left before a hold protected, and its ledger says so. */
  readonly isOvertaken: boolean;
  /** Whether that, and each report of it, has an alarm of its own. */
  readonly isAlarmed: boolean;
}

/** The ledger that the events make. */
export function foldOf(events: readonly HoldLedgerEvent[]): HoldLedger {
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

/**
 * Whoever was let out stands in the gate's stream: else no halt could ever hear of it. Of a departure that a restore lost an officer
 * says that it was, under an id of its own and by no warrant.
 */
function unwritten({ gate, doors }: CaseRecord): readonly string[] {
  return doors
    .filter(({ departureId: id }) =>
      gate.departures.every(({ departureId, clearanceIds }) => departureId !== id && clearanceIds.length > 0),
    )
    .map(() => 'S3 somebody was let out, and the gate has no departure');
}

/** S3: each departure that was overtaken has an alarm of its own, and stands on the screen while its hold is open. */
function untold(record: AuthorityRecord): readonly string[] {
  const { events, shown } = record;
  const hidden = openHolds(foldOf(events)).filter(({ holdId, isOvertaken }) => isOvertaken && !shown.includes(holdId));
  return [
    ...reportsOf(record)
      .filter(({ isAlarmed }) => !isAlarmed)
      .map(() => 'S3 a departure was overtaken, and there is no alarm of it'),
    ...hidden.map(() => 'S3 a hold was overtaken, and no screen shows it'),
  ];
}

function reportsOf({ events, alarms }: AuthorityRecord): readonly { readonly isAlarmed: boolean }[] {
  return events.flatMap((event) =>
    event.type === 'DepartureOvertaken' ? [{ isAlarmed: alarms.has(holdsTogether(event.data.holdIds)) }] : [],
  );
}

/** Reads from what was written, and from who went through the door, whether S1, S2 and S3 held for one case. */
export function judgeCase(record: CaseRecord): Finding {
  const { authorities } = record;
  const holds = authorities.flatMap(({ events }) => foldOf(events).holds);
  const bare = holds.filter(({ isOpen, protection }) => isOpen && protection === null);
  const reports = authorities.flatMap(reportsOf);
  return {
    violations: [
      ...authorities.flatMap(({ events }) => grantsOnHolds(events)),
      ...record.doors.flatMap((door) => holds.flatMap((hold) => brokenBy(hold, door, record))),
      ...bare.map(() => 'S3 a hold is never protected'),
      ...unwritten(record),
      ...authorities.flatMap(untold),
    ],
    isOvertaken: reports.length > 0,
    isAlarmed: reports.length > 0 && reports.every(({ isAlarmed }) => isAlarmed),
  };
}
