import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SEARCHED_FIELDS } from './vault-elements.ts';

const FIELDS = SEARCHED_FIELDS.map((field) => `'${field}'`).join(', ');
const TRIGGERS = [
  ['insert', 'NEW'],
  ['update', 'NEW'],
  ['delete', 'OLD'],
] as const;

/**
 * Tokens that a case is found by, one row for each. Whatever changes a field that somebody is searched by takes the row away, in the same
 * transaction: by an erasure, a withdrawn consent, or a hand in the database. Cases without a row are indexed before the next search.
 */
export class CreateIdentityTokenTable1795563000000 implements MigrationInterface {
  readonly name = 'CreateIdentityTokenTable1795563000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE vault.identity_token (
        case_id uuid PRIMARY KEY,
        key_id text COLLATE "C" NOT NULL,
        revision integer NOT NULL,
        name_counts integer[] NOT NULL,
        tokens text[] COLLATE "C" NOT NULL
      )`);
    await runner.query('CREATE INDEX identity_token_tokens ON vault.identity_token USING gin (tokens)');
    await runner.query(`
      CREATE FUNCTION vault.forget_identity_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        DELETE FROM vault.identity_token WHERE case_id IN (SELECT case_id FROM changed WHERE field IN (${FIELDS}));
        RETURN NULL;
      END $$`);
    for (const [event, table] of TRIGGERS) {
      await runner.query(`
        CREATE TRIGGER identity_tokens_on_${event} AFTER ${event.toUpperCase()} ON vault.cell
        REFERENCING ${table} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION vault.forget_identity_tokens()`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [event] of TRIGGERS) await runner.query(`DROP TRIGGER identity_tokens_on_${event} ON vault.cell`);
    await runner.query('DROP FUNCTION vault.forget_identity_tokens()');
    await runner.query('DROP TABLE vault.identity_token');
  }
}
