import { createPublicKey } from 'node:crypto';
import { type Hash, type HeadStatement, leafHash, LedgerError, verifyHead } from '@acogida/ledger';
import { EnvelopeError, parseEnvelope } from './envelope.ts';
import { parseHeadRecord } from './head-record.ts';
import type { TrustedKey } from './inbox-port.ts';
import { RecordVerifier, type VerifiedRecord } from './inbox-verification.ts';
import { type EventLog, type LogRecord, type PositionedRecord, topicOf } from './port.ts';
import { OwnTopicError, signerAt, type Signers } from './relay-port.ts';

/** A record that calls itself an event of the agency, not verified yet. */
export interface OwnClaim {
  readonly number: number;
  readonly leaf: Hash;
  readonly record: LogRecord;
}

/** A head and where it stands. */
export interface OwnHead extends HeadStatement {
  readonly position: bigint;
}

/** What a page of an agency's own topic says of it. */
export interface OwnRecords {
  /** In the order of the topic; the same number may come more than once. */
  readonly claims: readonly OwnClaim[];
  /** Heads that the agency signed. */
  readonly heads: readonly OwnHead[];
}

/**
 * An agency's own topic as the agency reads it. Only the agency can write there: what calls itself its event and is stood
 * for by none of its keys is no noise to pass over, its number was used.
 */
export class OwnTopic {
  readonly topic: string;
  readonly #agencyId: string;
  readonly #log: EventLog;
  readonly #keys: () => readonly TrustedKey[];
  readonly #verifier: RecordVerifier;

  /** @param relay `keys`: all that the agency ever signed with; only the signer's own by default */
  constructor(relay: {
    readonly agencyId: string;
    readonly log: EventLog;
    readonly signer: Signers;
    readonly keys?: readonly TrustedKey[] | (() => readonly TrustedKey[]) | undefined;
  }) {
    this.topic = topicOf(relay.agencyId);
    this.#agencyId = relay.agencyId;
    this.#log = relay.log;
    const { keys = [signersOwn(relay.signer)] } = relay;
    this.#keys = typeof keys === 'function' ? keys : () => keys;
    const has = (agencyId: string): boolean => agencyId === relay.agencyId;
    this.#verifier = new RecordVerifier({ has, get: (agencyId) => (has(agencyId) ? this.#keys() : undefined) });
  }

  /** Creates the topic if it is missing. */
  ensure(): Promise<void> {
    return this.#log.ensureTopic(this.topic);
  }

  /** Position after the last record. */
  end(): Promise<bigint> {
    return this.#log.end(this.topic);
  }

  /** Pages of the topic from one position to before another. */
  async *read(from: bigint, end: bigint): AsyncGenerator<OwnRecords, void> {
    if (from >= end) return;
    for await (const page of this.#log.read(this.topic, from)) {
      const records = page.filter((record) => record.position < end);
      yield this.#split(records);
      if (records.length < page.length) return;
    }
  }

  /** The claims as events under this agency's signature, in number order. @throws OwnTopicError `UNVERIFIABLE` */
  verify(claims: readonly OwnClaim[]): readonly VerifiedRecord[] {
    const records = claims.map(({ record }) => record);
    const { verified, refused } = this.#verifier.verify(this.#agencyId, records);
    const unverified = claims.find(({ record }) => record === refused[0]?.record);
    if (unverified !== undefined) throw new OwnTopicError('UNVERIFIABLE', unverified.number);
    return verified;
  }

  #split(records: readonly PositionedRecord[]): OwnRecords {
    const claims: OwnClaim[] = [];
    const heads: OwnHead[] = [];
    for (const record of records) {
      const number = this.#numberIn(record);
      if (number !== undefined) claims.push({ number, leaf: leafHash(record.value), record });
      const head = number === undefined ? this.#headIn(record) : undefined;
      if (head !== undefined) heads.push({ ...head, position: record.position });
    }
    return { claims, heads };
  }

  #numberIn(record: LogRecord): number | undefined {
    try {
      const envelope = parseEnvelope(record.value);
      return envelope.source === this.#agencyId ? envelope.number : undefined;
    } catch (error) {
      if (error instanceof EnvelopeError) return undefined;
      throw error;
    }
  }

  /** A head that this agency signed; one that is malformed or nobody's says nothing. */
  #headIn(record: LogRecord): HeadStatement | undefined {
    try {
      const signed = parseHeadRecord(record);
      const key = this.#keys().find(({ keyId }) => keyId === signed?.statement.keyId);
      if (signed === null || key === undefined || signed.statement.agency !== this.#agencyId) return undefined;
      return verifyHead(key.publicKey, signed);
    } catch (error) {
      if (error instanceof EnvelopeError || error instanceof LedgerError) return undefined;
      throw error;
    }
  }
}

function signersOwn(signers: Signers): TrustedKey {
  const { keyId, privateKey } = signerAt(signers, 1);
  return { keyId, publicKey: createPublicKey(privateKey), fromNumber: 1 };
}
