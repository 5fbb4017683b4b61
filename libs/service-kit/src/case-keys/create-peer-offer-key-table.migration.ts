import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CreateCircleIntroductionTable1795544000000 } from './create-circle-introduction-table.migration.ts';
import { CreateCircleAlignmentTable1795543000000 } from '../circle-care/create-circle-alignment-table.migration.ts';
import { KeepLeftOutCases1795551000000 } from '../circle-care/keep-left-out-cases.migration.ts';

/** Keeps the offer keys of other agencies; instants are ISO 8601 text in UTC, which orders as text. */
export class CreatePeerOfferKeyTable1795520000000 implements MigrationInterface {
  readonly name = 'CreatePeerOfferKeyTable1795520000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE peer_offer_key (
        agency text NOT NULL,
        key_id text NOT NULL,
        x text NOT NULL,
        valid_from text COLLATE "C" NOT NULL,
        valid_through text COLLATE "C" NOT NULL,
        is_retired boolean NOT NULL DEFAULT false,
        noted bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (agency, key_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE peer_offer_key');
  }
}

/** Migrations of what a node knows of keys: every node has it. */
export const caseKeysMigrations = [
  CreatePeerOfferKeyTable1795520000000,
  CreateCircleAlignmentTable1795543000000,
  CreateCircleIntroductionTable1795544000000,
  KeepLeftOutCases1795551000000,
] as const;
