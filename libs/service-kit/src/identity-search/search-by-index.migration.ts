import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tokens are looked up far more often than they are written: each goes into the index at once. In a list of what is to be put into it
 * a search would look at every entry, once for each token.
 */
export class SearchByIndex1795568000000 implements MigrationInterface {
  readonly name = 'SearchByIndex1795568000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER INDEX vault.identity_token_tokens SET (fastupdate = off)');
    await runner.query(`SELECT gin_clean_pending_list('vault.identity_token_tokens')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER INDEX vault.identity_token_tokens RESET (fastupdate)');
  }
}
