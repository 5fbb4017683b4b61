/** What the safeguards promise (architecture.md §7), and INV-02, INV-14 and INV-19 as a gate sees them. */
export const SAFEGUARD_PROPERTIES = ['S1', 'S2', 'S3', 'S4', 'INV-02', 'INV-14', 'INV-19'] as const;

/** What transfers, custody and consent promise (architecture.md §5, §6). */
export const CUSTODY_PROPERTIES = ['CUSTODY', 'SILENCE', 'WITHDRAWAL'] as const;

/** One of them. */
export type Property = (typeof SAFEGUARD_PROPERTIES | typeof CUSTODY_PROPERTIES)[number];

/** Those that are judged only where nothing is on its way any more. */
export const PROPERTIES_AT_REST: readonly Property[] = ['S3', 'INV-19', 'SILENCE', 'WITHDRAWAL'];

/** What must always be so is not. */
export class CounterexampleError extends Error {
  override readonly name = 'CounterexampleError';
  readonly property: Property;

  constructor(property: Property, detail: string) {
    super(`${property}: ${detail}`);
    this.property = property;
  }
}
