/** The named steps on the way of a fact from a command to its effect at another node (architecture.md §3). */
export const STEPS = ['append', 'sequence', 'publish', 'acknowledge', 'inbox', 'offset-commit'] as const;

/**
 * - `append`: the transaction that commits domain events, read models, replies and outbox
 * - `sequence`: the transaction that gives numbers and stores the final bytes
 * - `publish`: handing stored bytes to the log until it says they are durable
 * - `acknowledge`: moving the relay's cursor past what the log has
 * - `inbox`: the transaction that takes in a batch of another agency
 * - `offset-commit`: making a group's position in a topic durable
 */
export type Step = (typeof STEPS)[number];

/** What may be said of a step: never identity, never content. */
export interface StepDetail {
  /** Requests, events or records of the step. */
  readonly count: number;
  /** The agency whose events they are, where they are another agency's. */
  readonly source?: string;
  /** Correlation ids of what the step works on; not for metrics. */
  readonly correlationIds?: readonly string[];
}

/** Stands around every step: for measuring, tracing, and for tests that end the process before or after one. */
export interface StepObserver {
  /** Runs `work` exactly once and gives back what it gives; must not fail of itself. */
  around<T>(step: Step, detail: StepDetail, work: () => Promise<T>): Promise<T>;
}

/** Nobody looks. */
export const unobserved: StepObserver = { around: (_step, _detail, work) => work() };
