/**
 * The shape of every procedure: a pure function from a command and the state so far to new events, and a pure function
 * that folds an event into the state. Time, ids and randomness travel inside the command.
 *
 * @typeParam C the commands, a union discriminated by `type`, imperative
 * @typeParam S the state, immutable
 * @typeParam E the events, a union discriminated by `type`, past tense
 */
export interface Decider<C, S, E> {
  readonly initialState: S;
  /** Returns the events that the command causes, none when it changes nothing; throws `DomainError` when it is refused. */
  decide(command: C, state: S): readonly E[];
  /** Folds one event into the state. Total: every event ever written is accepted. */
  evolve(state: S, event: E): S;
}

/** Folds a history into a state, starting from `initialState` or from `from`. */
export function fold<S, E>(
  decider: Pick<Decider<never, S, E>, 'initialState' | 'evolve'>,
  events: Iterable<E>,
  from?: S,
): S {
  let state = from ?? decider.initialState;
  for (const event of events) state = decider.evolve(state, event);
  return state;
}
