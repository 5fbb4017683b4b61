import { setTimeout as pause } from 'node:timers/promises';
import type { RemovalHold } from '@acogida/reference';
import { createTestNetwork, type TestNetwork } from '@acogida/testing/node';
import { freePort } from '../environment/free-port.ts';
import type { BenchServer } from '../environment/postgres.ts';
import { papersOf } from '../peers/agency-papers.ts';
import { drawnPersons, vaultValuesOf } from '../peers/kept-persons.ts';
import type { OfficerAnswer } from './officer.ts';
import { Officer } from './officer.ts';

/** The agency whose officers ask. */
export const GATE = 'cr-border-intake';
const DIRECTORY = 'regional-directory';

/** Those whom the directory names for the gate's country, and the hold that each answers for. */
export const AUTHORITIES = [
  ['cr-refugee-unit', 'asylum', 'ASYLUM_PENDING'],
  ['cr-appeals', 'asylum', 'APPEAL_OPEN'],
  ['cr-stateless', 'asylum', 'STATELESSNESS_PENDING'],
  ['cr-conatt', 'counter-trafficking', 'TRAFFICKING_SCREENING'],
  ['cr-airport-intake', 'intake', 'ASYLUM_INTENT'],
] as const satisfies readonly (readonly [string, string, RemovalHold])[];

/** All that have a node. */
const NODES = [DIRECTORY, GATE, ...AUTHORITIES.map(([agencyId]) => agencyId)] as const;
/** Requests to one node at once, while it is made ready. */
const PREPARING_AT_ONCE = 6;
const PATIENCE_MS = 60_000;
const PERSONS_SEED = 20_261_123;
const CONTACT = { place: 'CR-PENAS-BLANCAS', channel: 'BORDER', contactedOn: '2026-11-20', entryMode: 'IRREGULAR' };

/** Options of a peer, and where its node answers. */
export interface DepartureNode {
  readonly agencyId: string;
  readonly url: string;
  readonly options: object;
}

/** The network of the measure. */
export interface DepartureNetwork {
  readonly network: TestNetwork;
  /** The directory first, then the gate, then the authorities. */
  readonly nodes: readonly DepartureNode[];
}

/** Draws keys, databases and ports: one log for all, and each agency a database of its own. */
export async function departureNetwork(server: BenchServer): Promise<DepartureNetwork> {
  const own = ['cr-refugee-unit', 'cr-conatt'];
  const more = AUTHORITIES.filter(([agencyId]) => !own.includes(agencyId));
  const network = await createTestNetwork(...more.map(([agencyId, kind]) => [agencyId, kind, 'CR'] as const));
  const log = { driver: 'embedded', databaseUrl: await server.createDatabase('departure_log') };
  const nodes: DepartureNode[] = [];
  for (const agencyId of NODES) {
    const [databaseUrl, port] = [
      await server.createDatabase(`departure_${agencyId.replaceAll('-', '_')}`),
      await freePort(),
    ];
    const options = { papers: papersOf(network, agencyId, NODES), place: { databaseUrl, log, port } };
    nodes.push({ agencyId, url: `http://127.0.0.1:${port}`, options });
  }
  return { network, nodes };
}

/** An officer of an agency of the network. */
export async function officerAt(
  { network, nodes }: DepartureNetwork,
  agency: string,
  role: string,
  connections: number,
): Promise<Officer> {
  const { url } = nodes.find(({ agencyId }) => agencyId === agency) ?? {};
  if (url === undefined) throw new RangeError(`${agency} has no node`);
  return new Officer(url, await network.token({ agency, roles: [role] }), connections);
}

/** Has the directory name all authorities. */
export async function nameAuthorities(world: DepartureNetwork): Promise<void> {
  const coordinator = await officerAt(world, DIRECTORY, 'coordinator', 1);
  try {
    for (const [agencyId, , hold] of AUTHORITIES) {
      const entry = { agencyId, name: agencyId, kind: 'SERVICE_PROVIDER', nature: 'PUBLIC_AUTHORITY' };
      await coordinator.post('/v1/agencies', { ...entry, jurisdiction: 'CR', authorityOf: 'CR' });
      await coordinator.put(`/v1/clearance-authorities/CR/${agencyId}`, { holds: [hold] });
    }
  } finally {
    await coordinator.close();
  }
}

/** Does something with all, several at a time, and gives what came of each in order. */
async function eachOf<T, R>(all: readonly T[], one: (item: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  const left = [...all.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) done[next[0]] = await one(next[1]);
  };
  await Promise.all(Array.from({ length: PREPARING_AT_ONCE }, work));
  return done;
}

/** Opens cases at the gate, and takes down who each person is. */
export function openCases(officer: Officer, count: number): Promise<readonly string[]> {
  return eachOf(drawnPersons({ seed: PERSONS_SEED, count }), async (person) => {
    const caseId = (await officer.post('/v1/cases', CONTACT)).body['caseId'] as string;
    const { NAMES: names, DATE_OF_BIRTH: dateOfBirth, DOCUMENTS: documents } = vaultValuesOf(person);
    await officer.put(`/v1/cases/${caseId}/identity`, { identity: { names, dateOfBirth, documents } });
    return caseId;
  });
}

/** Asks at the gate whether a person may be made to leave. */
export function askToLeave(officer: Officer, caseId: string): Promise<OfficerAnswer> {
  return officer.post(`/v1/cases/${caseId}/departures`, { removal: 'EXPULSION' });
}

interface Obstacle {
  readonly refusal: string;
}

/** Whether all authorities answered, and what stands against it is a person who looks alike, if anything. */
function isJudgedByAll({ body }: OfficerAnswer): boolean {
  return (body['obstacles'] as readonly Obstacle[]).every(({ refusal }) => refusal === 'POSSIBLE_MATCH');
}

/** Asks until all nodes have heard of each other. @throws Error they do not within a minute */
export async function untilAllAreHeard(officer: Officer, caseId: string): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await askToLeave(officer, caseId);
    if (isJudgedByAll(answer)) return;
    if (performance.now() > deadlineMs) throw new Error(`nobody may leave: ${JSON.stringify(answer.body)}`);
    await pause(250);
  }
}

/** Those of the cases whose person nobody looks alike, so that all authorities clear the departure. */
export async function clearedCases(officer: Officer, caseIds: readonly string[]): Promise<readonly string[]> {
  const answers = await eachOf(caseIds, (caseId) => askToLeave(officer, caseId));
  const unexpected = answers.find((answer) => !isJudgedByAll(answer));
  if (unexpected !== undefined) throw new Error(`a departure was not judged: ${JSON.stringify(unexpected.body)}`);
  return caseIds.filter((_, index) => answers[index]?.body['status'] === 'WARRANTED');
}
