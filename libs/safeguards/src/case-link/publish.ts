import type { KnownContractEvent } from '@acogida/contracts';
import type { CaseLinkEvent } from './case-link-events.ts';
import type { CaseLink } from './case-link-state.ts';

type LinkContract = Extract<KnownContractEvent, { type: 'CasesLinked' | 'CasesUnlinked' }>;

/** What others learn of a link: whoever reads one of the two cases, and agencies alone. */
export type LinkWord = LinkContract & {
  readonly audience: 'coded' | { readonly to: string; readonly under: 'offer-key' };
};

/** Of a word: its case, and the other one. */
interface Direction {
  readonly caseId: string;
  readonly linkedCaseId: string;
}

/**
 * Only the agency's own case speaks under its pseudonym; whoever else is to hear it is told alone, of the other case. Would both
 * speak, two pseudonyms that never say anything at one moment would do so, and who reads the log without keys would know what it means.
 */
function toReaders(
  {
    caseId,
    linkedCaseId,
    readers,
  }: Direction & { readonly readers: { shareOneKey: boolean; agencies: readonly string[] } },
  wordOf: (direction: Direction) => LinkContract,
): readonly LinkWord[] {
  const own = { ...wordOf({ caseId, linkedCaseId }), audience: 'coded' } as const;
  const other = wordOf({ caseId: linkedCaseId, linkedCaseId: caseId });
  const alone = readers.agencies.map((to): LinkWord => ({ ...other, audience: { to, under: 'offer-key' } }));
  return readers.shareOneKey ? [own, { ...other, audience: 'coded' }] : [own, ...alone];
}

function linkedWord({ linkId, revision, linkedAt }: { linkId: string; revision: number; linkedAt: string }) {
  return ({ caseId, linkedCaseId }: Direction): LinkContract => ({
    ...{ class: 'hold', type: 'CasesLinked', schemaVersion: 1, caseId, occurredAt: linkedAt },
    data: { linkId, linkedCaseId, revision, linkedAt },
  });
}

/**
 * The contract events that an event of a link becomes. Who decided and on what grounds stays at the agency.
 *
 * @param link after the event
 */
export function publishCaseLink(event: CaseLinkEvent, link: CaseLink): readonly LinkWord[] {
  switch (event.type) {
    case 'CasesLinked':
      return toReaders(event.data, linkedWord(event.data));
    case 'LinkTold': {
      if (link.linkedAt === null) return [];
      const { linkId, agencies } = event.data;
      const { caseId, linkedCaseId, revision, linkedAt } = link;
      const word = linkedWord({ linkId, revision, linkedAt })({ caseId: linkedCaseId, linkedCaseId: caseId });
      return agencies.map((to): LinkWord => ({ ...word, audience: { to, under: 'offer-key' } }));
    }
    case 'CasesUnlinked': {
      const { linkId, revision, unlinkedAt } = event.data;
      return toReaders(event.data, ({ caseId, linkedCaseId }) => ({
        ...{ class: 'hold', type: 'CasesUnlinked', schemaVersion: 1, caseId, occurredAt: unlinkedAt },
        data: { linkId, linkedCaseId, revision, unlinkedAt },
      }));
    }
  }
}
