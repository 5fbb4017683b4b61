import type { Rules } from './rules.ts';
import type { Scenario } from './terms.ts';

/** What is explored, by which rules. */
export interface Setting {
  readonly scenario: Scenario;
  readonly rules: Rules;
}
