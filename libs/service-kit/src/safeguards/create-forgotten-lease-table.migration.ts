import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Occasions on which leases may have been forgotten, and that the longest lease has passed since. */
export class CreateForgottenLeaseTable1795561200000 implements MigrationInterface {
  readonly name = 'CreateForgottenLeaseTable1795561200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE forgotten_lease (occasion text PRIMARY KEY)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE forgotten_lease');
  }
}
