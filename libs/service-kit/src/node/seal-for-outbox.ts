import { CONTRACT_CLASSES } from '@acogida/contracts';
import { DIRECTORY_SUBJECT } from '@acogida/event-log';
import type { SealForOutbox } from '@acogida/event-store';
import type { Sealer } from '@acogida/sealing';

const SEALED_CLASSES: ReadonlySet<string> = new Set(CONTRACT_CLASSES.filter((name) => name !== 'directory'));

/**
 * Seals what an agency publishes. Directory entries stay in clear (architecture.md §5); nothing else ever does.
 *
 * @throws RangeError an event of a sealed class without a case, or a directory entry that names one
 */
export function sealForOutbox(sealer: Sealer, agencyId: string): SealForOutbox {
  return ({ id, class: contractClass, caseId, text }) => {
    if (contractClass === 'directory' && caseId === null)
      return { subject: DIRECTORY_SUBJECT, keyId: null, data: text };
    if (caseId === null || !SEALED_CLASSES.has(contractClass)) {
      throw new RangeError(
        `an event of class ${contractClass} cannot be published ${caseId === null ? 'without' : 'with'} a case`,
      );
    }
    return sealer.seal({ id, source: agencyId, class: contractClass, caseId, text });
  };
}
