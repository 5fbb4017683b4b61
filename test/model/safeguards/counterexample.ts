/** What the safeguards promise (architecture.md §7), and INV-02 as a gate sees it. */
export const PROPERTIES = ['S1', 'S2', 'S3', 'S4', 'INV-02'] as const;
/** One of them. */
export type Property = (typeof PROPERTIES)[number];

/** What must always be so is not. */
export class CounterexampleError extends Error {
  override readonly name = 'CounterexampleError';
  readonly property: Property;

  constructor(property: Property, detail: string) {
    super(`${property}: ${detail}`);
    this.property = property;
  }
}
