import type { KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, JsonObject } from '@acogida/core';
import { countersignRotation, REVOCATION, signRotation, type TrustedAgency, TrustState } from '@acogida/ledger';
import { systemRandomness } from '@acogida/sealing';
import { listenWithinReach } from '@acogida/testing';
import { newTestKeys, newTestTrust, type TestAgencyKeys, type TestTrust } from '@acogida/testing/node';
import type { AuditEntry } from '../../audit/audit-entry.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { Problem } from '../../http/problem.ts';
import type { ChannelHosts } from '../channel-hosts.ts';
import { ChannelDesk } from '../channel-desk.ts';
import { type ChannelSeal, developmentSeal } from '../channel-seal.ts';
import { ChannelStatements } from '../channel-statement.ts';
import type { QuestionRate } from '../heard-questions.ts';
import { HttpAgencyChannel } from '../http-agency-channel.ts';
import type { ChannelAnswer, ChannelService } from '../port.ts';
import { type OwnTransportKey, ownTransportKey } from '../transport-keys.ts';

/** Who asks in the specs of the channel, who is asked, and somebody else. */
export const GATE = 'cr-border-intake';
/** Who is asked. */
export const AUTHORITY = 'cr-refugee-unit';
/** Of the same network, and not asked. */
export const OTHER = 'cr-conatt';
/** The network's directory. */
export const DIRECTORY = 'regional-directory';

/** What a server of a spec answers. */
export interface ServedAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An HTTP server of this machine that answers as it is told. */
export class SpecServer {
  /** Bodies that it got. */
  readonly got: string[] = [];
  /** Never answers where this never resolves. */
  answer: (body: string) => Promise<ServedAnswer>;
  readonly #server: Server;

  private constructor(answer: SpecServer['answer']) {
    this.answer = answer;
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        this.got.push(body);
        void this.answer(body).then(({ status, body: answered = '', headers = {} }) => {
          response.writeHead(status, headers).end(answered);
        });
      });
    });
  }

  static async start(answer: SpecServer['answer']): Promise<SpecServer> {
    const server = new SpecServer(answer);
    await listenWithinReach(server.#server);
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** An audit that is kept in memory. */
export class SpecAudit implements AuditLog {
  readonly entries: AuditEntry[] = [];

  record(_: unknown, ...entries: readonly AuditEntry[]): Promise<void> {
    this.entries.push(...entries);
    return Promise.resolve();
  }

  find(): Promise<readonly never[]> {
    return Promise.resolve([]);
  }
}

/** An agency of a bench, whose keys and trust a spec can change. */
export interface BenchAgency {
  readonly statements: ChannelStatements;
  readonly seal: ChannelSeal;
  readonly audit: SpecAudit;
}

/** How an end of the channel differs from what its agency is trusted with. */
export interface AgencyOptions {
  readonly transport?: readonly KeyObject[];
  readonly signs?: OwnTransportKey;
  /** Id of the network that it says to be of. */
  readonly network?: string;
  readonly seal?: ChannelSeal;
  readonly clock?: Clock;
}

const ANY_HEAD = 'ab'.repeat(32);

/** Trust of a network of three agencies and the directory, and the two ends of their channel without nodes. */
export class ChannelBench {
  readonly network: TestTrust = newTestTrust([
    { agency: DIRECTORY, kind: 'directory', name: 'Directory', jurisdiction: null },
    { agency: GATE, kind: 'intake', name: 'Intake', jurisdiction: 'CR' },
    { agency: AUTHORITY, kind: 'asylum', name: 'Refugee unit', jurisdiction: 'CR' },
    { agency: OTHER, kind: 'counter-trafficking', name: 'Conatt', jurisdiction: 'CR' },
  ]);
  readonly state = new TrustState(this.network.genesis);
  now = '2026-11-22T09:00:00.000Z';
  readonly clock: Clock = { now: () => this.now };

  constructor() {
    for (const signed of this.network.admissions) this.state.apply({ type: 'admission', signed });
  }

  /** Whom all ends believe. */
  get trust() {
    const { state } = this;
    return { networkId: state.networkId, agencies: (): readonly TrustedAgency[] => state.agencies() };
  }

  /** The roots end the first keys of an agency. */
  revoke(agency: string): void {
    const signed = this.network.signedByRoots(REVOCATION, {
      ...{ agency, genesis: this.state.networkId, keyId: `${agency}-1`, reason: 'KEY_COMPROMISED' },
      ...{ lastGoodNumber: 5, lastGoodTreeHead: ANY_HEAD },
    });
    this.state.apply({ type: 'revocation', signed });
  }

  /** An agency goes over to other keys. */
  rotate(agency: string): TestAgencyKeys {
    const next = newTestKeys(agency, 2);
    const signed = signRotation(
      {
        ...{ agency, genesis: this.state.networkId, sequence: 2, previousSigningKeyId: `${agency}-1` },
        ...{ keys: next.publicKeys, treeSize: 5, treeHead: ANY_HEAD },
      },
      { ...next.privateKeys, old: this.network.keysOf(agency).privateKeys.signing },
    );
    const directory = { keyId: `${DIRECTORY}-1`, privateKey: this.network.keysOf(DIRECTORY).privateKeys.signing };
    this.state.apply({ type: 'rotation', at: 7, signed: countersignRotation(signed, directory) });
    return next;
  }

  /** An end of the channel; `transport` is what it has at hand, `signs` what it signs with whatever it is trusted with. */
  agency(agencyId: string, options: AgencyOptions = {}): BenchAgency {
    const { transport = [this.network.keysOf(agencyId).privateKeys.transport], signs, network } = options;
    const trust = network === undefined ? this.trust : { ...this.trust, networkId: network };
    const own = ownTransportKey(agencyId, trust, () => transport);
    const ownKey = () => signs ?? own();
    return {
      statements: new ChannelStatements({ agencyId, trust, ownKey, clock: options.clock ?? this.clock }),
      seal: options.seal ?? developmentSeal(Buffer.alloc(32, 7)),
      audit: new SpecAudit(),
    };
  }

  /** Where the authority is asked, as its node would be. */
  desk(services: readonly ChannelService[], end = this.agency(AUTHORITY), rate?: QuestionRate) {
    const refused: string[] = [];
    const desk = new ChannelDesk({
      ...{ ...end, agencyId: AUTHORITY, services, clock: this.clock, database: NO_DATABASE },
      onRefused: (reason) => void refused.push(reason),
      ...(rate === undefined ? {} : { rate }),
    });
    return { desk, refused, audit: end.audit };
  }

  /** What asks for the gate. */
  channel(
    addressOf: (agencyId: string) => string | null,
    end = this.agency(GATE),
    services: ChannelService[] = [],
    hosts?: ChannelHosts,
  ) {
    const asked: [topic: string, outcome: ChannelAnswer['outcome']][] = [];
    const unreached: string[] = [];
    const channel = new HttpAgencyChannel({
      ...{ ...end, agencyId: GATE, services, trust: this.trust, clock: this.clock, database: NO_DATABASE },
      ...{ randomness: systemRandomness, ...(hosts && { hosts }) },
      addressOf: (agencyId) => Promise.resolve(addressOf(agencyId)),
      onAsked: (topic, outcome) => void asked.push([topic, outcome]),
      onUnreached: (_, reason) => void unreached.push(reason),
    });
    return { channel, asked, unreached, audit: end.audit };
  }
}

const NO_DATABASE = { query: () => Promise.reject(new Error('a bench has no database')) };

/** A desk behind HTTP, with the status of its problems. */
export function servedBy(desk: ChannelDesk): SpecServer['answer'] {
  return async (envelope) => {
    try {
      return { status: 200, body: await desk.answer(envelope) };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { status: error.status, body: error.code };
    }
  };
}

/** A service that repeats what it is asked, and remembers it. */
export class EchoService implements ChannelService {
  readonly topic = 'clearance';
  readonly asked: { readonly from: string; readonly requestId: string; readonly body: JsonObject }[] = [];

  answer(from: string, requestId: string, body: JsonObject): Promise<JsonObject> {
    this.asked.push({ from, requestId, body });
    return Promise.resolve({ echo: body, times: 1 });
  }
}
