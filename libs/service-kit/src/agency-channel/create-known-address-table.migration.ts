import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps where other agencies are asked, one row for each, as it announced it last. */
export class CreateKnownAddressTable1795560000000 implements MigrationInterface {
  readonly name = 'CreateKnownAddressTable1795560000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE known_address (
        agency text PRIMARY KEY,
        number bigint NOT NULL,
        url text NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_address');
  }
}

/** Migrations of the agency channel: every node has it. */
export const agencyChannelMigrations = [CreateKnownAddressTable1795560000000] as const;
