import type { Rules } from './rules.ts';
import type { CustodyScenario } from './world.ts';

/** What is explored, by which rules. */
export interface Setting {
  readonly scenario: CustodyScenario;
  readonly rules: Rules;
}

/** The name of an agency. */
export function agencyAt({ scenario }: Setting, index: number): string {
  return scenario.agencies[index] ?? '';
}
