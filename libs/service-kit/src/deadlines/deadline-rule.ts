import type { DeadlineRule } from './port.ts';

/**
 * The deadlines of a procedure, for `NodeDefinition.deadlines`:
 *
 * ```ts
 * deadlineRule({
 *   procedure: referralProcedure,
 *   revision: 1,
 *   openIn: deadlinesOf,
 *   handle: async ({ kind, id }, { now, node, run }) => {
 *     await run({ procedure: referralProcedure, id, command: commandFor(kind, node.agencyId, now) });
 *   },
 * });
 * ```
 */
export function deadlineRule<C, S, E extends { readonly type: string; readonly data: object }, K extends string>(
  rule: DeadlineRule<C, S, E, K>,
): DeadlineRule<C, S, E, K> {
  return rule;
}
