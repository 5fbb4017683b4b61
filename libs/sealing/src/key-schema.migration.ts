import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ErasedCase1795541000000 } from './erased-case.migration.ts';
import { GenerationsOfCaseKeys1795571000000 } from './generations-of-case-keys.migration.ts';
import { HoldCases1795542000000 } from './hold-cases.migration.ts';
import { HoldTogether1795605000000 } from './hold-together.migration.ts';
import { HoldStanding1795545000000 } from './hold-standing.migration.ts';
import { IndexKey1795562000000 } from './index-key.migration.ts';
import { OneOwnKey1795490100000 } from './one-own-key.migration.ts';
import { OwnEpochs1795572000000 } from './own-epochs.migration.ts';
import { CaseKeyByAgency1795490000000 } from './case-key-by-agency.migration.ts';

/**
 * Creates the tables of wrapped keys in the schema `keys`. No index but the primary keys and the one that erasure reads by: keys
 * are written with the first event of every case. The reference to `kek` keeps a generation from being removed under a row
 * that is being written. Instants are ISO 8601 text in UTC, which orders as text.
 */
export class KeySchema1795480000000 implements MigrationInterface {
  readonly name = 'KeySchema1795480000000';

  async up(runner: QueryRunner): Promise<void> {
    const wrapped = 'generation integer NOT NULL REFERENCES keys.kek (generation), wrapped bytea NOT NULL';
    await runner.query('CREATE SCHEMA keys');
    await runner.query(`
      CREATE TABLE keys.kek (
        generation integer PRIMARY KEY CHECK (generation > 0),
        kms_version integer NOT NULL,
        wrapped text NOT NULL,
        created_at text NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE keys.case_key (
        key_id text COLLATE "C" PRIMARY KEY,
        source text NOT NULL,
        subject text NOT NULL,
        case_id uuid NOT NULL,
        audience text NOT NULL CHECK (audience IN ('coded', 'care', 'restricted', 'own')),
        epoch integer NOT NULL CHECK (epoch > 0),
        granted_by text,
        received_at text NOT NULL,
        ${wrapped}
      )`);
    await runner.query('CREATE INDEX case_key_of_case ON keys.case_key (case_id)');
    await runner.query(`
      CREATE TABLE keys.member_key (
        hint text COLLATE "C" PRIMARY KEY,
        case_id uuid NOT NULL,
        ${wrapped}
      )`);
    await runner.query('CREATE INDEX member_key_of_case ON keys.member_key (case_id)');
    await runner.query(`
      CREATE TABLE keys.offer_key (
        key_id text COLLATE "C" PRIMARY KEY,
        public_x text NOT NULL,
        valid_from text NOT NULL,
        valid_through text NOT NULL,
        destroy_after text COLLATE "C" NOT NULL,
        ${wrapped}
      )`);
    await runner.query(`
      CREATE TABLE keys.channel (
        channel_id text COLLATE "C" PRIMARY KEY,
        referral_id uuid NOT NULL,
        peer text NOT NULL,
        destroy_after text COLLATE "C",
        ${wrapped}
      )`);
    await runner.query(`
      CREATE TABLE keys.agency_key (
        key_id text COLLATE "C" PRIMARY KEY,
        use text NOT NULL CHECK (use IN ('sealing', 'transport')),
        valid_from text NOT NULL,
        ${wrapped}
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA keys CASCADE');
  }
}

/** Migrations of the keys, in order; a node runs them after those of the event store. */
export const sealingMigrations: readonly (new () => MigrationInterface)[] = [
  KeySchema1795480000000,
  CaseKeyByAgency1795490000000,
  OneOwnKey1795490100000,
  ErasedCase1795541000000,
  HoldCases1795542000000,
  HoldStanding1795545000000,
  IndexKey1795562000000,
  GenerationsOfCaseKeys1795571000000,
  OwnEpochs1795572000000,
  HoldTogether1795605000000,
];
