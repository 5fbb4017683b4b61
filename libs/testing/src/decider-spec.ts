import { expect } from '@jest/globals';
import { type Decider, DomainError, fold } from '@acogida/core';

/** given(history).when(command).then(events) | thenRefused(code) | thenNothing() on a decider. */
export function decides<C, S, E>(
  decider: Decider<C, S, E>,
): {
  given(...history: E[]): {
    when(command: C): { then(...events: E[]): void; thenRefused(code: string): void; thenNothing(): void };
  };
} {
  return {
    given: (...history) => ({
      when: (command) => {
        const run = (): readonly E[] => decider.decide(command, fold(decider, history));
        return {
          then: (...events) => expect(run()).toEqual(events),
          thenNothing: () => expect(run()).toEqual([]),
          thenRefused: (code) => {
            let refusal: unknown;
            try {
              run();
            } catch (error) {
              refusal = error;
            }
            expect(refusal).toBeInstanceOf(DomainError);
            expect((refusal as DomainError).code).toBe(code);
          },
        };
      },
    }),
  };
}
