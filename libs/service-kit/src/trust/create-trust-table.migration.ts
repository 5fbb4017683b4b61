import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the schema `trust`: the statements that this node took in, in the order in which it did. */
export class CreateTrustTable1795502000000 implements MigrationInterface {
  readonly name = 'CreateTrustTable1795502000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA trust');
    await runner.query(`
      CREATE TABLE trust.statement (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text COLLATE "C" NOT NULL UNIQUE,
        type text NOT NULL,
        source text COLLATE "C" NOT NULL,
        number integer NOT NULL CHECK (number > 0),
        entry text NOT NULL
      )`);
    await runner.query('CREATE INDEX statement_of_source ON trust.statement (source, number)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA trust CASCADE');
  }
}

/** Migrations of trust, in order; every node runs them. */
export const trustMigrations: readonly (new () => MigrationInterface)[] = [CreateTrustTable1795502000000];
