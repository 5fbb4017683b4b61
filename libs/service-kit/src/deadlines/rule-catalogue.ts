import type { AnyProcedure } from '@acogida/event-store';
import type { AnyDeadlineRule, Deadline } from './port.ts';

/** Which rule a stream stands under. */
export class RuleCatalogue {
  readonly rules: readonly AnyDeadlineRule[];
  readonly #procedures: readonly AnyProcedure[];
  readonly #byProcedure: ReadonlyMap<string, AnyDeadlineRule>;

  /**
   * @param procedures all of the node, so that streams whose procedure's name is longer are not mistaken
   * @throws RangeError two rules for one procedure, or one for a procedure that the node does not have
   */
  constructor(rules: readonly AnyDeadlineRule[], procedures: readonly AnyProcedure[]) {
    this.rules = rules;
    this.#procedures = procedures.toSorted((left, right) => right.name.length - left.name.length);
    this.#byProcedure = new Map(rules.map((rule) => [rule.procedure.name, rule]));
    if (this.#byProcedure.size < rules.length) throw new RangeError('a procedure has one deadline rule at most');
    const names = new Set(procedures.map(({ name }) => name));
    if (rules.some(({ procedure }) => !names.has(procedure.name))) {
      throw new RangeError('a deadline rule is for a procedure of the node');
    }
  }

  /** The rule of a stream and the id of its procedure instance; undefined where there is none. */
  ownerOf(stream: string): { readonly rule: AnyDeadlineRule; readonly id: string } | undefined {
    const procedure = this.#procedures.find(({ name }) => stream.startsWith(`${name}-`));
    const rule = procedure && this.#byProcedure.get(procedure.name);
    return rule && { rule, id: stream.slice(rule.procedure.name.length + 1) };
  }
}

/**
 * What stands open in a state, with instants as stores give them back: in UTC, to the millisecond. What another agency said
 * may be finer, and a deadline that is not found again by its instant never gets its turn.
 *
 * @throws RangeError a rule says an instant that is none
 */
export function openDeadlines({ openIn }: AnyDeadlineRule, state: unknown): readonly Deadline[] {
  return (openIn(state) as readonly Deadline[]).map(({ kind, dueAt }) => ({
    kind,
    dueAt: new Date(dueAt).toISOString(),
  }));
}
