import { asylumNode } from '@acogida/asylum';
import { counterTraffickingNode } from '@acogida/counter-trafficking';
import {
  HEAD_HEADER,
  type InboxSealing,
  MemoryEventLog,
  MemoryLogStore,
  parseEnvelope,
  topicOf,
} from '@acogida/event-log';
import { intakeNode } from '@acogida/intake';
import { RIGHTS_TOPICS } from '@acogida/reference';
import type { SealHeader } from '@acogida/sealing';
import { eventually } from '@acogida/testing';
import {
  createTestNetwork,
  startTestNode,
  type TestNetwork,
  type TestNode,
  type TestRequestOptions,
} from '@acogida/testing/node';
import { timelineNode } from '@acogida/timeline';

export const INTAKE = 'cr-border-intake';
export const CONATT = 'cr-conatt';
export const REFUGEE_UNIT = 'cr-refugee-unit';
export const COMAR = 'mx-comar';
export const OMBUDSMAN = 'cr-ombudsman';

const NODES = {
  [INTAKE]: intakeNode,
  [CONATT]: counterTraffickingNode,
  [REFUGEE_UNIT]: asylumNode,
  [COMAR]: asylumNode,
  [OMBUDSMAN]: timelineNode,
} as const;

const OFFICER = { roles: ['border-officer'] } as const;
const SENDING = { roles: ['caseworker'] } as const;
const ANSWERING = { roles: ['referral-officer'] } as const;
/** Longest wait for what was done to be heard everywhere, in milliseconds. */
const HEARD_WITHIN_MS = 20_000;

/** An event of an agency's topic, as a node reads it: null where it does not open. */
export interface ReadEvent {
  readonly number: number;
  readonly class: string;
  readonly type: string | null;
  readonly caseId: string | null;
}

/** A referral as it is answered. */
interface Shown {
  readonly status: number;
  readonly body: { readonly state?: string };
}

/** Nodes with keys of their own on one log. */
export class CircleNetwork {
  readonly #store = new MemoryLogStore();
  readonly #log = new MemoryEventLog(this.#store);
  readonly #nodes = new Map<string, TestNode>();
  readonly #network: TestNetwork;

  private constructor(network: TestNetwork) {
    this.#network = network;
  }

  /** Starts these agencies; resolves once each can seal to each of the others. */
  static async start(...agencies: readonly (keyof typeof NODES)[]): Promise<CircleNetwork> {
    const started = new CircleNetwork(await createTestNetwork());
    for (const agency of agencies) await started.join(agency);
    return started;
  }

  /** Starts an agency that was admitted before; resolves once it and those that run can seal to each other. */
  async join(agencyId: keyof typeof NODES): Promise<void> {
    const log = new MemoryEventLog(this.#store);
    const options = { agencyId, log, network: this.#network, keysMode: 'cases' } as const;
    this.#nodes.set(agencyId, await startTestNode(NODES[agencyId], options));
    const agencies = [...this.#nodes.keys()];
    await eventually(async () => {
      for (const one of agencies) {
        const unready = agencies.filter(
          (other) => other !== one && this.at(one).node.runtime.caseKeys?.peers.isReady(other) !== true,
        );
        if (unready.length > 0) throw new Error(`${one} cannot seal to ${unready.join()}`);
      }
    }, HEARD_WITHIN_MS);
  }

  async stop(): Promise<void> {
    for (const node of [...this.#nodes.values()].reverse()) await node.stop();
    await this.#log.close();
  }

  at(agency: string): TestNode {
    const node = this.#nodes.get(agency);
    if (node === undefined) throw new RangeError(`${agency} is not started`);
    return node;
  }

  /** A case of the intake agency. */
  async openCase(): Promise<string> {
    const contact = { place: 'PASO_CANOAS', channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' };
    return (await this.does<{ id: string }>(INTAKE, '/v1/cases', contact, OFFICER)).id;
  }

  /** The intake agency records something more of the case, for its circle. */
  async informOfRights(caseId: string): Promise<void> {
    const informed = { language: 'spa', understood: true, interpretation: 'NONE_NEEDED', topics: RIGHTS_TOPICS };
    const path = `/v1/cases/${caseId}/rights-information`;
    await this.does(INTAKE, path, { ...informed, packageVersion: 'cr-spa-2026.1' }, OFFICER);
  }

  /** A consent to be referred to an agency, recorded by the intake agency. */
  async consent(caseId: string, recipient: string, service: string, history: string): Promise<string> {
    const given = {
      ...{ purposes: ['REFERRAL'], fields: ['SEX', 'FACTS'], recipients: [recipient], services: [service], history },
      ...{ basis: 'CONSENT', form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES', language: 'spa' },
      ...{ interpretation: 'NONE_NEEDED', explained: true, understandingChecked: true, withoutPenalty: true },
      caseId,
    };
    return (await this.does<{ id: string }>(INTAKE, '/v1/consents', given, SENDING)).id;
  }

  /** A referral by the intake agency; resolves once its receiver has it. */
  async refer(caseId: string, receiver: string, service: string, consentId: string): Promise<string> {
    const asked = { caseId, receiver, service, urgency: 'URGENT', reason: 'SPECIFIC_NEED', consentId };
    const { id } = await this.does<{ id: string }>(INTAKE, '/v1/referrals', asked, SENDING);
    await this.shows(receiver, id, 'REQUESTED');
    return id;
  }

  /** A step of the receiver; resolves once both ends know of it. */
  async answer(receiver: string, id: string, step: string, state: string, body: object = {}): Promise<void> {
    await this.does(receiver, `/v1/referrals/${id}/${step}`, body, ANSWERING);
    for (const agency of [receiver, INTAKE]) await this.shows(agency, id, state);
  }

  async shows(agency: string, id: string, state: string): Promise<void> {
    const options = agency === INTAKE ? SENDING : ANSWERING;
    await eventually(async () => {
      const { status, body } = (await this.at(agency).get(`/v1/referrals/${id}`, options)) as Shown;
      if (status !== 200 || body.state !== state) throw new Error(`${agency}: ${status} ${body.state}`);
    }, HEARD_WITHIN_MS);
  }

  async does<T>(agency: string, path: string, body: object, options: TestRequestOptions): Promise<T> {
    const reply = await this.at(agency).post(path, body, options);
    if (reply.status >= 300) throw new Error(`${agency} ${path}: ${reply.status} ${reply.text}`);
    return reply.body as T;
  }

  /** Every event of an agency's topic, as a node reads it with the keys that it has now. */
  async readAt(reader: string, source: string): Promise<readonly ReadEvent[]> {
    const { sealing } = this.at(reader).node.runtime;
    const events: ReadEvent[] = [];
    for await (const page of this.#log.read(topicOf(source), 0n)) {
      for (const record of page) {
        if (HEAD_HEADER in record.headers) continue;
        const { keyId, data, number, class: clearClass, ...rest } = parseEnvelope(record.value);
        const text = keyId === null ? data : await textOf(sealing, { ...rest, class: clearClass, keyId }, data);
        const said = text === null ? null : (JSON.parse(text) as { type: string; caseId: string | null });
        events.push({ number, class: clearClass, type: said?.type ?? null, caseId: said?.caseId ?? null });
      }
    }
    return events;
  }

  /** Types of what opens at a node of an agency's events of a case, in order. */
  async typesAt(reader: string, source: string, caseId: string): Promise<readonly string[]> {
    const events = await this.readAt(reader, source);
    return events.flatMap((event) => (event.type !== null && event.caseId === caseId ? [event.type] : []));
  }

  /** Types of the case's events on the auditor's timeline. */
  async timelineOf(caseId: string): Promise<readonly (string | null)[]> {
    const reply = await this.at(OMBUDSMAN).get(`/v1/cases/${caseId}/timeline`, { roles: ['auditor'] });
    if (reply.status !== 200) return [];
    return (reply.body as { entries: { type: string | null }[] }).entries.map(({ type }) => type);
  }
}

async function textOf(sealing: InboxSealing, header: SealHeader, data: string): Promise<string | null> {
  await sealing.prepare([header]);
  let reading = sealing.read(header, data);
  if (reading.kind === 'wanting') {
    await sealing.load(reading.wanted);
    reading = sealing.read(header, data);
  }
  return reading.kind === 'opened' ? reading.text : null;
}
