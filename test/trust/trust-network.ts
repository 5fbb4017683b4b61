import { directoryNode } from '@acogida/directory';
import { type EventLog, MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { intakeNode } from '@acogida/intake';
import { type PublicKeys, REVOCATION, type RotationSigned, type RootSigned, signRotation } from '@acogida/ledger';
import { eventually } from '@acogida/testing';
import { timelineNode } from '@acogida/timeline';
import {
  createTestNetwork,
  newTestKeys,
  startTestNode,
  type TestAgencyKeys,
  type TestNetwork,
  type TestNode,
  type TestReply,
} from '@acogida/testing/node';

/** Who joins. */
export const NEWCOMER = 'pa-border-intake';
/** Who was there before, and is never started again. */
export const READER = 'cr-border-intake';

const OPERATOR = { roles: ['operator'] } as const;

/** A log that can keep what is delivered from its node. */
class PausableLog extends MemoryEventLog {
  isDeaf = false;

  override subscribe(options: Parameters<EventLog['subscribe']>[0]): ReturnType<EventLog['subscribe']> {
    const { handler } = options;
    return super.subscribe({
      ...options,
      handler: async (topic, records) => {
        if (this.isDeaf) throw new Error('nothing is heard');
        await handler(topic, records);
      },
    });
  }
}

interface KeysInUse {
  readonly genesis: string;
  readonly sequence: number;
  readonly keys: PublicKeys;
  readonly treeSize: number;
  readonly treeHead: string;
}

/** A directory and a reader that run, and an agency that comes later, on one log. */
export class TrustNetwork {
  readonly network: TestNetwork;
  readonly #store = new MemoryLogStore();
  readonly #nodes: TestNode[] = [];
  readonly newcomerLog = new PausableLog(this.#store);
  readonly newcomerKeys: TestAgencyKeys;
  readonly admission;
  directory!: TestNode;
  reader!: TestNode;
  newcomer!: TestNode;
  #later: TestAgencyKeys[] = [];

  private constructor(network: TestNetwork) {
    this.network = network;
    const { keys, admission } = network.newcomer({
      ...{ agency: NEWCOMER, kind: 'intake', name: 'Paso Canoas', jurisdiction: 'PA' },
    });
    this.newcomerKeys = keys;
    this.admission = admission;
  }

  /** Starts directory and reader. */
  static async start(): Promise<TrustNetwork> {
    const started = new TrustNetwork(await createTestNetwork());
    started.directory = await started.#startNode(directoryNode, {});
    started.reader = await started.#startNode(intakeNode, { agencyId: READER });
    return started;
  }

  async stop(): Promise<void> {
    for (const node of [...this.#nodes].reverse()) await node.stop();
  }

  /** A node of an agency that heard nothing yet. */
  startLateReader(): Promise<TestNode> {
    return this.#startNode(timelineNode, {});
  }

  /** The newcomer's node, which is given its own admission and no other. */
  async startNewcomer(): Promise<void> {
    this.newcomer = await this.#startNode(intakeNode, {
      agencyId: NEWCOMER,
      admissions: [this.admission],
      log: this.newcomerLog,
      signingKeys: () => [this.newcomerKeys, ...this.#later].map(({ privateKeys }) => privateKeys.signing),
    });
  }

  /** Hands a statement of the roots to the directory. */
  publish(type: 'admission' | 'revocation' | 'succession', signed: RootSigned<unknown>): Promise<TestReply> {
    return this.directory.post('/v1/trust/statements', { type, signed }, OPERATOR);
  }

  /** The newcomer says something; resolves to how many numbers it gave by then. */
  async speak(): Promise<number> {
    const reply = await this.newcomer.post(
      '/v1/cases',
      { place: 'PASO_CANOAS', channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' },
      { roles: ['border-officer'] },
    );
    if (reply.status !== 201) throw new Error(`opening a case was answered ${reply.status} ${reply.text}`);
    return this.said();
  }

  /** How many numbers the newcomer gave, once all that it committed has one. */
  async said(): Promise<number> {
    return eventually(async () => {
      const { rows } = await this.newcomer.pool.query<{ said: number; waiting: number }>(
        'SELECT count(number)::integer AS said, count(*) FILTER (WHERE number IS NULL)::integer AS waiting FROM es.outbox',
      );
      if (rows[0]?.waiting !== 0) throw new Error('something waits for its number');
      return rows[0].said;
    });
  }

  /** New keys of the newcomer, which it has at hand from now on, and its rotation to them, signed by itself alone. */
  async nextRotation(isAtHand = true): Promise<{ readonly keys: TestAgencyKeys; readonly signed: RotationSigned }> {
    const body = await this.keysInUse();
    const keys = newTestKeys(NEWCOMER, body.sequence + 1);
    const all = [this.newcomerKeys, ...this.#later];
    const old = all.find(({ publicKeys }) => publicKeys.signing.x === body.keys.signing.x) as TestAgencyKeys;
    const signed = signRotation(
      {
        ...{ genesis: body.genesis, agency: NEWCOMER, sequence: body.sequence + 1, keys: keys.publicKeys },
        ...{ previousSigningKeyId: body.keys.signing.keyId, treeSize: body.treeSize, treeHead: body.treeHead },
      },
      { ...keys.privateKeys, old: old.privateKeys.signing },
    );
    if (isAtHand) this.#later = [...this.#later, keys];
    return { keys, signed };
  }

  /** What the newcomer's node says of its keys and its tree. */
  async keysInUse(): Promise<KeysInUse> {
    return (await this.newcomer.get('/v1/operations/keys', OPERATOR)).body as KeysInUse;
  }

  /** A revocation of the newcomer's present key, at the present number. */
  async revocation() {
    const body = await this.keysInUse();
    return this.network.signedByRoots(REVOCATION, {
      ...{ genesis: body.genesis, agency: NEWCOMER, keyId: body.keys.signing.keyId, reason: 'KEY_COMPROMISED' },
      ...{ lastGoodNumber: body.treeSize, lastGoodTreeHead: body.treeHead },
    });
  }

  async #startNode(
    definition: Parameters<typeof startTestNode>[0],
    options: NonNullable<Parameters<typeof startTestNode>[1]>,
  ): Promise<TestNode> {
    const log = new MemoryEventLog(this.#store);
    const node = await startTestNode(definition, { network: this.network, log, ...options });
    this.#nodes.push(node);
    return node;
  }
}

/** How far a node followed an agency. */
export async function heardThrough(node: TestNode, source: string): Promise<number> {
  const { rows } = await node.pool.query<{ n: number }>(
    'SELECT last_number AS n FROM inbox.source_cursor WHERE source = $1',
    [source],
  );
  return rows[0]?.n ?? 0;
}

/** What a node kept of an agency's records, and why. */
export async function keptOf(node: TestNode, source: string): Promise<readonly (readonly [string, string])[]> {
  const { rows } = await node.pool.query<{ kind: string; reason: string }>(
    'SELECT kind, reason FROM inbox.kept WHERE source = $1 ORDER BY id',
    [source],
  );
  return rows.map(({ kind, reason }) => [kind, reason] as const);
}
