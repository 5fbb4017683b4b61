import { randomUUID } from 'node:crypto';
import { asylumNode } from '@acogida/asylum';
import { counterTraffickingNode } from '@acogida/counter-trafficking';
import { HEAD_HEADER, type LogRecord, MemoryEventLog, MemoryLogStore, topicOf } from '@acogida/event-log';
import { intakeNode } from '@acogida/intake';
import { RIGHTS_TOPICS } from '@acogida/reference';
import { MemoryKms } from '@acogida/sealing';
import { erasureProcedure, type KeysMode } from '@acogida/service-kit';
import { eventually } from '@acogida/testing';
import {
  createTestNetwork,
  startTestNode,
  type TestNetwork,
  type TestNode,
  type TestReply,
  type TestRequestOptions,
} from '@acogida/testing/node';
import { timelineNode } from '@acogida/timeline';

export const INTAKE = 'cr-border-intake';
export const CONATT = 'cr-conatt';
export const COMAR = 'mx-comar';
export const OMBUDSMAN = 'cr-ombudsman';

const NODES = {
  [OMBUDSMAN]: timelineNode,
  [INTAKE]: intakeNode,
  [CONATT]: counterTraffickingNode,
  [COMAR]: asylumNode,
} as const;
/** Agencies of the network. */
export const AGENCIES = Object.keys(NODES) as readonly (keyof typeof NODES)[];

export const OFFICER = { roles: ['data-protection-officer'] } as const;
const BORDER = { roles: ['border-officer'] } as const;
const SENDING = { roles: ['caseworker'] } as const;
const ANSWERING = { roles: ['referral-officer'] } as const;
/** Long enough for a receipt on its way to a retired offer key, in milliseconds. */
const GRACE_MS = 3_000;
/** Longest wait for what was done to be heard everywhere, in milliseconds. */
export const PATIENCE_MS = 30_000;

/** Four agencies on one log, with a master key each that outlives their database. */
export class ErasureNetwork {
  readonly network: TestNetwork;
  readonly #store = new MemoryLogStore();
  readonly #log = new MemoryEventLog(this.#store);
  readonly #mode: KeysMode;
  readonly #nodes = new Map<string, TestNode>();
  readonly #kms = new Map<string, MemoryKms>();

  private constructor(network: TestNetwork, mode: KeysMode) {
    this.network = network;
    this.#mode = mode;
  }

  /** Starts all agencies but those that are to come later; resolves once each can seal to each of the others. */
  static async start(mode: KeysMode, ...later: readonly string[]): Promise<ErasureNetwork> {
    const started = new ErasureNetwork(await createTestNetwork(), mode);
    for (const agency of AGENCIES) if (!later.includes(agency)) await started.join(agency);
    return started;
  }

  async join(agencyId: keyof typeof NODES): Promise<void> {
    const kms = new MemoryKms();
    this.#kms.set(agencyId, kms);
    const log = new MemoryEventLog(this.#store);
    const options = { agencyId, log, kms, network: this.network, keysMode: this.#mode, erasureGraceMs: GRACE_MS };
    this.#nodes.set(agencyId, await startTestNode(NODES[agencyId], options));
    await eventually(async () => {
      for (const one of this.#nodes.values()) {
        const { peers } = one.node.runtime.caseKeys ?? {};
        const unready = [...this.#nodes.keys()].filter(
          (other) => other !== one.agencyId && peers?.isReady(other) === false,
        );
        if (unready.length > 0) throw new Error(`${one.agencyId} cannot seal to ${unready.join()}`);
      }
    }, PATIENCE_MS);
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

  kmsOf(agency: string): MemoryKms {
    const kms = this.#kms.get(agency);
    if (kms === undefined) throw new RangeError(`${agency} is not started`);
    return kms;
  }

  /** Every event record of an agency's topic. */
  async recordsOf(agency: string): Promise<readonly LogRecord[]> {
    const records: LogRecord[] = [];
    for await (const page of this.#log.read(topicOf(agency), 0n)) {
      records.push(...page.filter(({ headers }) => !(HEAD_HEADER in headers)));
    }
    return records;
  }

  /** A case of the intake agency with something said of it. */
  async openCase(): Promise<string> {
    const contact = { place: 'PASO_CANOAS', channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' };
    const { id } = (await this.does(INTAKE, '/v1/cases', contact, BORDER)).body as { id: string };
    const informed = { language: 'spa', understood: true, interpretation: 'NONE_NEEDED', topics: RIGHTS_TOPICS };
    const path = `/v1/cases/${id}/rights-information`;
    await this.does(INTAKE, path, { ...informed, packageVersion: 'cr-spa-2026.1' }, BORDER);
    return id;
  }

  /** Refers a case with a consent; resolves once its receiver took it on. */
  async refer(caseId: string, receiver: string, service: string): Promise<string> {
    const given = {
      ...{ purposes: ['REFERRAL'], fields: ['SEX', 'FACTS'], recipients: [receiver], services: [service] },
      ...{ history: 'FROM_OPENING', basis: 'CONSENT', form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES' },
      ...{ language: 'spa', interpretation: 'NONE_NEEDED', explained: true, understandingChecked: true },
      ...{ withoutPenalty: true, caseId },
    };
    const { id: consentId } = (await this.does(INTAKE, '/v1/consents', given, SENDING)).body as { id: string };
    const asked = { caseId, receiver, service, urgency: 'URGENT', reason: 'SPECIFIC_NEED', consentId };
    const { id } = (await this.does(INTAKE, '/v1/referrals', asked, SENDING)).body as { id: string };
    await this.shows(receiver, id, 'REQUESTED');
    await this.answer(receiver, id, 'acknowledgement', 'ACKNOWLEDGED');
    await this.answer(receiver, id, 'acceptance', 'ACCEPTED');
    return id;
  }

  /** Brings a referral that was taken on to its end at both agencies. */
  async complete(id: string, receiver: string, result: string): Promise<void> {
    await this.answer(receiver, id, 'completion', 'COMPLETED', { result });
    await this.does(INTAKE, `/v1/referrals/${id}/loop-closure`, { outcome: 'NEED_MET' }, SENDING);
    for (const agency of [receiver, INTAKE]) await this.shows(agency, id, 'LOOP_CLOSED');
  }

  async answer(receiver: string, id: string, step: string, state: string, body: object = {}): Promise<void> {
    await this.does(receiver, `/v1/referrals/${id}/${step}`, body, ANSWERING);
    for (const agency of [receiver, INTAKE]) await this.shows(agency, id, state);
  }

  async shows(agency: string, id: string, state: string): Promise<void> {
    const options = agency === INTAKE ? SENDING : ANSWERING;
    await eventually(async () => {
      const reply = await this.at(agency).get(`/v1/referrals/${id}`, options);
      const { status } = reply;
      const shown = reply.body as { readonly state?: string; readonly requestStatus?: string } | undefined;
      const states = [shown?.state, shown?.requestStatus];
      if (status !== 200 || !states.includes(state)) throw new Error(`${agency}: ${status} ${states.join()}`);
    }, PATIENCE_MS);
  }

  /** Orders an erasure. */
  order(caseId: string, agency = INTAKE): Promise<TestReply> {
    return this.does(agency, '/v1/erasures', { caseId, basis: 'PERSON_REQUEST' }, OFFICER);
  }

  /** An order of an agency that has nothing of the case, as it would be written by whoever can write its topic. */
  async forgeOrder(agency: string, caseId: string): Promise<void> {
    const { context } = this.at(agency).node.runtime;
    const sealedTo = AGENCIES.filter((other) => other !== agency);
    const copies = this.#mode === 'cases' ? { toCircle: false, sealedTo } : { toCircle: true, sealedTo: [] };
    const order = { erasureId: randomUUID(), caseId, by: agency, basis: 'PERSON_REQUEST' as const, owedBy: [] };
    await context.handler.execute({
      ...{ procedure: erasureProcedure, id: caseId, actor: `${agency}.officer` },
      ...{ command: { type: 'OrderErasure', ...order, copies, now: context.clock.now() } },
      ...{ correlationId: randomUUID(), causation: null },
    });
  }

  /** How many events of an agency's topic another one quarantined. */
  async refusedFrom(agency: string, source: string): Promise<number> {
    const { rows } = await this.at(agency).pool.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM inbox.event WHERE source = $1 AND state = 'quarantined'",
      [source],
    );
    return rows[0]?.count ?? 0;
  }

  /** Whether an agency has keys of a case. */
  async holds(agency: string, caseId: string): Promise<boolean> {
    const { rows } = await this.at(agency).pool.query('SELECT 1 FROM keys.case_key WHERE case_id = $1', [caseId]);
    return rows.length > 0;
  }

  async erasureAt(agency: string, caseId: string): Promise<TestReply> {
    return this.at(agency).get(`/v1/erasures/${caseId}`, OFFICER);
  }

  async does(agency: string, path: string, body: object, options: TestRequestOptions): Promise<TestReply> {
    const reply = await this.at(agency).post(path, body, options);
    if (reply.status >= 300) throw new Error(`${agency} ${path}: ${reply.status} ${reply.text}`);
    return reply;
  }
}
