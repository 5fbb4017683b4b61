import type { HoldChange } from '@acogida/safeguards';
import type { AsylumApplicationEvent } from './asylum-application.ts';

/** Lodging places H-03; an intent that this authority itself had on its ledger, H-02, becomes it (domain.md §1.5). */
export function holdsPlacedBy(events: readonly AsylumApplicationEvent[]): readonly HoldChange[] {
  return events.flatMap((event) => {
    if (event.type !== 'ApplicationLodged') return [];
    return [{ change: 'PLACE', kind: 'ASYLUM_PENDING', insteadOf: 'ASYLUM_INTENT' }];
  });
}
