import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One-time links for agencies without a node. Neither the token nor the code stands here: the one as its hash, the other under
 * the token as key, so that who reads the table can use neither.
 */
export class CreateAnswerLinkTable1795511000000 implements MigrationInterface {
  readonly name = 'CreateAnswerLinkTable1795511000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE answer_link (
        link_id uuid PRIMARY KEY,
        referral_id uuid NOT NULL,
        agency text NOT NULL,
        language text NOT NULL,
        token_hash text NOT NULL UNIQUE,
        code_hash text NOT NULL,
        tries_left smallint NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        opened_at timestamptz,
        ended_at timestamptz,
        ended_by text,
        asked_under text UNIQUE,
        fingerprint text
      )`);
    await runner.query('CREATE INDEX answer_link_of_referral ON answer_link (referral_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE answer_link');
  }
}
