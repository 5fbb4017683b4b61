import { openHolds } from '@acogida/safeguards';
import { foldOf } from './oracle.ts';
import { insist, type RaceRun } from './race.ts';
import type { RaceWorld } from './race-world.ts';
import { BORDER, type Racer } from './racing-nodes.ts';
import type { DoorOpened } from './watched-door.ts';

const OPERATOR = { roles: ['operator'] } as const;
const GUARD = { roles: ['border-officer'] } as const;
const OFFICER = { roles: ['eligibility-officer'] } as const;
const RECOVERY = '/v1/operations/recovery';

/** Of whom the gate does not know any more that they have left, its officers do. */
async function reportWhoLeft(world: RaceWorld, doors: readonly DoorOpened[]): Promise<void> {
  for (const { caseId, atMs } of doors) {
    const at = `/v1/cases/${caseId}/departures`;
    const known = (await world.at(BORDER).get(at, GUARD)).body as { readonly departures: readonly unknown[] };
    if (known.departures.length > 0) continue;
    const left = { removal: 'EXPULSION', departedAt: world.time.instantAt(atMs) };
    const { status, text } = await insist(world, BORDER, `${at}/unwarranted`, left, GUARD);
    if (status !== 201) throw new Error(`who has left cannot be reported: ${status} ${text}`);
  }
}

/**
 * What officers do once their agency goes on from an older copy: report who has left, then attest what was lost (architecture.md §3,
 * point 6).
 *
 * @throws Error the node did not notice that it was restored
 */
export async function attest(world: RaceWorld, agency: Racer, doors: () => readonly DoorOpened[]): Promise<void> {
  const { state } = (await world.at(agency).get(RECOVERY, OPERATOR)).body as { readonly state: string };
  if (state !== 'awaiting-attestation') throw new Error(`${agency} was restored, and is ${state}`);
  if (agency === BORDER) await reportWhoLeft(world, doors());
  const loss = { reason: 'STORAGE_LOST', statements: ['PRIVATE_WORK_RECORDED_AGAIN'] };
  const { status, text } = await insist(world, agency, `${RECOVERY}/attestation`, loss, OPERATOR);
  if (status !== 200) throw new Error(`nobody could attest at ${agency}: ${status} ${text}`);
}

/** Holds that were placed, and went with a database that was lost, are placed again: those who placed them have it on paper. */
export async function placeAgain(world: RaceWorld, runs: readonly RaceRun[]): Promise<void> {
  for (const { caseId, holder, placed } of runs) {
    if (placed !== 201 || openHolds(foldOf(await world.ledgerOf(holder, caseId))).length > 0) continue;
    const by = holder === BORDER ? GUARD : OFFICER;
    const again = await insist(world, holder, `/v1/cases/${caseId}/holds`, { kind: 'ASYLUM_INTENT' }, by);
    if (again.status !== 201) throw new Error(`a hold cannot be placed again: ${again.status} ${again.text}`);
  }
}
