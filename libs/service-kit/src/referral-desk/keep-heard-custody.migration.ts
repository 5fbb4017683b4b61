import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A case may be known by releases alone, before any term of its custody is: then nobody is said to have it. */
export class KeepHeardCustody1795542000000 implements MigrationInterface {
  readonly name = 'KeepHeardCustody1795542000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE custody ALTER term DROP NOT NULL, ALTER holder DROP NOT NULL,
        ALTER basis DROP NOT NULL, ALTER since DROP NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM custody WHERE term IS NULL');
    await runner.query(`
      ALTER TABLE custody ALTER term SET NOT NULL, ALTER holder SET NOT NULL,
        ALTER basis SET NOT NULL, ALTER since SET NOT NULL`);
  }
}
