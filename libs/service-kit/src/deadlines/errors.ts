/** A turn was over and the deadline still stood open: its rule does not settle it. */
export class DeadlineNotSettledError extends Error {
  override readonly name = 'DeadlineNotSettledError';

  constructor() {
    super('the turn left its deadline open');
  }
}

/** A deadline stands open on a stream that no rule of this node is for: an earlier version had one. */
export class DeadlineWithoutRuleError extends Error {
  override readonly name = 'DeadlineWithoutRuleError';

  constructor() {
    super('no rule is for the procedure of the deadline');
  }
}
