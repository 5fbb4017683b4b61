import { readFileSync } from 'node:fs';
import type { Clock } from '@acogida/core';
import { inTransaction } from '@acogida/event-store';
import { genesisId } from '@acogida/ledger';
import { FileKms, KeyRing, KeyStore, type Kms, PostgresKeyRows, systemRandomness, TransitKms } from '@acogida/sealing';
import type { Pool } from 'pg';
import type { KmsConfiguration } from '../configuration/kms.ts';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import { CaseTexts } from './case-texts.ts';

/** The keys of a running node. */
export interface NodeKeys {
  readonly ring: KeyRing;
  readonly keyStore: KeyStore;
  /** What the event store encrypts with. */
  readonly texts: CaseTexts;
}

/**
 * The KMS that the configuration names. A file that is missing is made.
 *
 * @throws KmsError the file cannot be read, or holds something else
 */
export async function openKms(configuration: KmsConfiguration): Promise<Kms> {
  if (configuration.driver === 'file') return FileKms.open(configuration.path, systemRandomness);
  const { address, key, tokenFile } = configuration;
  return new TransitKms({ address, key, token: () => readFileSync(tokenFile, 'utf8').trim() });
}

/** What opening a node's keys needs beside its configuration. */
export interface KeyOpening {
  /** Of the node's database, migrated. */
  readonly pool: Pool;
  readonly clock: Clock;
  /** Instead of the one that the configuration names. */
  readonly kms?: Kms | undefined;
}

/**
 * Opens the node's keys in its database.
 *
 * @throws MasterKeyLostError the KMS does not open the master key of this database; KmsError; what the database throws
 */
export async function openNodeKeys(
  { agencyId, genesis, kms: place }: Pick<NodeConfiguration, 'agencyId' | 'genesis' | 'kms'>,
  { pool, clock, kms }: KeyOpening,
): Promise<NodeKeys> {
  const ring = new KeyRing({ network: genesisId(genesis), agency: agencyId });
  const rows = new PostgresKeyRows((work) => inTransaction(pool, work));
  const parts = { clock, randomness: systemRandomness };
  const keyStore = await KeyStore.open({ agency: agencyId, ring, rows, kms: kms ?? (await openKms(place)), ...parts });
  return { ring, keyStore, texts: new CaseTexts({ agencyId, ring, keyStore, database: pool, ...parts }) };
}
