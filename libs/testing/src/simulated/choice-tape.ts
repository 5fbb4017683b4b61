/**
 * Numbers that every choice of a simulation is read from, in order: the same tape is the same run, and a shorter or smaller
 * one a simpler run, so that a property-testing library can shrink it.
 */
export class ChoiceTape {
  readonly #numbers: readonly number[];
  #read = 0;

  /** @param numbers whole, not negative */
  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  get isAtEnd(): boolean {
    return this.#read >= this.#numbers.length;
  }

  /** The next choice, from 0 to before `count`; 0 once the tape is at its end. */
  next(count: number): number {
    const number = this.#numbers[this.#read] ?? 0;
    this.#read += 1;
    return number % count;
  }

  /** One of several. @throws RangeError there is none */
  oneOf<T>(values: readonly T[]): T {
    if (values.length === 0) throw new RangeError('there is nothing to choose from');
    return values[this.next(values.length)] as T;
  }

  /** True once in so many. */
  once(inSoMany: number): boolean {
    return this.next(inSoMany) === inSoMany - 1;
  }
}
