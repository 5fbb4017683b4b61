import { randomUUID } from 'node:crypto';
import { asylumNode } from '@acogida/asylum';
import type { JsonObject } from '@acogida/core';
import { counterTraffickingNode } from '@acogida/counter-trafficking';
import { directoryNode } from '@acogida/directory';
import { intakeNode } from '@acogida/intake';
import {
  AGENCY_CHANNEL,
  type AgencyChannel,
  IDENTITY_INDEX,
  type IdentityIndex,
  type NodeDefinition,
  type RunningNode,
} from '@acogida/service-kit';
import type { Peer } from '../process/peer.ts';
import type { AgencyPapers, NodePlace } from './agency-papers.ts';
import { bootAgencyNode } from './bench-node.ts';
import { keepPersons, type PersonsWanted } from './kept-persons.ts';

const SERVICES: Readonly<Record<string, NodeDefinition>> = {
  asylum: asylumNode,
  'counter-trafficking': counterTraffickingNode,
  directory: directoryNode,
  intake: intakeNode,
};
const DEADLINE_MS = 10_000;

/** One question to one authority, and of which cases in turn. */
export interface Asking {
  readonly authority: string;
  readonly caseIds: readonly string[];
  readonly durationMs: number;
}

/** What each authority that the gate asked took for its answer, in milliseconds, as the answers came. */
class AnswerTimes {
  #tookMs: number[] = [];

  constructor({ app, runtime }: RunningNode) {
    const channel = app.get<AgencyChannel>(AGENCY_CHANNEL);
    const ask = channel.ask.bind(channel);
    channel.ask = async (agencyId, ...question) => {
      const beforeMs = performance.now();
      const answer = await ask(agencyId, ...question);
      if (agencyId !== runtime.context.agencyId) this.#tookMs.push(performance.now() - beforeMs);
      return answer;
    };
  }

  /** Forgets them. */
  take(): readonly number[] {
    const taken = this.#tookMs;
    this.#tookMs = [];
    return taken;
  }
}

/** Asks an authority about one case after another, as a gate does, and says what each answer took in milliseconds. */
async function askInTurn({ app }: RunningNode, { authority, caseIds, durationMs }: Asking): Promise<readonly number[]> {
  const channel = app.get<AgencyChannel>(AGENCY_CHANNEL);
  const identities = app.get<IdentityIndex>(IDENTITY_INDEX);
  const took: number[] = [];
  const endMs = performance.now() + durationMs;
  for (let turn = 0; performance.now() < endMs; turn += 1) {
    const caseId = caseIds[turn % caseIds.length] as string;
    const identity = (await identities.elementsOf(caseId)) as JsonObject | null;
    const clearanceId = randomUUID();
    const body = { caseId, clearanceId, removal: 'EXPULSION', identity, inPlaceOf: [] };
    const beforeMs = performance.now();
    const answer = await channel.ask(authority, { topic: 'clearance', requestId: clearanceId, body }, DEADLINE_MS);
    took.push(performance.now() - beforeMs);
    const isGranted = answer.outcome === 'ANSWERED' && answer.body['isGranted'] === true;
    if (!isGranted) throw new Error(`${authority} gave no clearance: ${JSON.stringify(answer)}`);
  }
  return took;
}

/** A node of the network in which departures are asked for: the gate, an authority, or the directory that names authorities. */
export async function open({ papers, place }: { papers: AgencyPapers; place: NodePlace }): Promise<Peer> {
  const definition = SERVICES[papers.agency.kind];
  if (definition === undefined) throw new RangeError(`no service of kind ${papers.agency.kind}`);
  const node = await bootAgencyNode(definition, papers, place);
  const times = papers.agency.kind === 'directory' ? null : new AnswerTimes(node);
  return {
    operations: {
      keepPersons: (wanted: PersonsWanted) => keepPersons(node, wanted),
      answerTimes: async () => times?.take() ?? [],
      ask: (asking: Asking) => askInTurn(node, asking),
      cpu: async () => process.cpuUsage(),
    },
    close: () => node.stop(),
  };
}
