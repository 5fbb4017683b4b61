import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Name of the index. */
const ONE_OWN_KEY = 'case_key_own';

/**
 * Lets an epoch of a case begin once: two transactions that begin it at the same time would each keep texts under keys of
 * their own, and publish under different ones. Keys of the audience `own` are never handed on. Since `OwnEpochs` this is said there.
 */
export class OneOwnKey1795490100000 implements MigrationInterface {
  readonly name = 'OneOwnKey1795490100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE UNIQUE INDEX ${ONE_OWN_KEY} ON keys.case_key (case_id, source, epoch) WHERE audience = 'own'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX keys.${ONE_OWN_KEY}`);
  }
}
