import { refusal } from './refusals.ts';

/** A word that two cases are one person's, or are not. */
export interface SaidLink {
  /** The agency that said it, as verified. */
  readonly by: string;
  /** Of these two cases at that agency. */
  readonly linkId: string;
  /** The greatest that was heard of a link counts, whatever comes first. */
  readonly revision: number;
}

/** What was said last of one link. */
export interface HeardLink extends SaidLink {
  readonly linkedCaseId: string;
  readonly isLinked: boolean;
}

/** Links of one source that stand on a case, and on all cases of a person: about whoever has more cases, people have to speak. */
const MOST_STANDING_LINKS = 20;
/** On one case with those that it took back. */
const MOST_LINKS_EVER = 100;
/** How often a source may say something of one link, and still be believed that it stands: each time open holds wait anew. */
const MOST_REVISIONS = 20;
/** No word of a source says more: what officers disregard stays so. */
const LAST_REVISION = Number.MAX_SAFE_INTEGER;

function isSame(one: HeardLink, { by, linkId }: SaidLink, linkedCaseId: string): boolean {
  return one.by === by && one.linkId === linkId && one.linkedCaseId === linkedCaseId;
}

/** Whether a word on a link says more than what was heard before. */
export function isNewsOfLink(links: readonly HeardLink[], said: SaidLink, linkedCaseId: string): boolean {
  const known = links.find((one) => isSame(one, said, linkedCaseId));
  return known === undefined || known.revision < said.revision;
}

/**
 * One member of the network that says whatever comes to its mind must not make each question, and each hold, look through hundreds of
 * cases: what it says beyond that is not taken in.
 *
 * @throws DomainError LINK.TOO_MANY
 */
export function requireFewLinks(links: readonly HeardLink[], said: HeardLink): void {
  const others = links.filter((one) => one.by === said.by && !isSame(one, said, said.linkedCaseId));
  const standing = others.filter(({ isLinked }) => isLinked).length;
  const isTooMany = said.isLinked && (standing >= MOST_STANDING_LINKS || said.revision > MOST_REVISIONS);
  if (isTooMany || others.length >= MOST_LINKS_EVER) throw tooMany();
}

/**
 * The same over all cases that would be one person's: chains are no longer than that either.
 *
 * @param cases what is known of each of them, in which each link stands twice
 * @param caseIds the two that are linked
 * @throws DomainError LINK.TOO_MANY
 */
export function requireFewLinksOfPerson(
  cases: readonly (readonly [caseId: string, known: { readonly links: readonly HeardLink[] }])[],
  { by, linkId }: SaidLink,
  caseIds: readonly string[],
): void {
  const standing = cases.flatMap(([caseId, { links }]) => {
    const isThis = (one: HeardLink): boolean =>
      one.linkId === linkId && caseIds.includes(caseId) && caseIds.includes(one.linkedCaseId);
    return links.filter((one) => one.by === by && one.isLinked && !isThis(one));
  });
  if (standing.length >= 2 * MOST_STANDING_LINKS) throw tooMany();
}

function tooMany(): Error {
  return refusal('LINK.TOO_MANY', 'this agency says of many cases that they are this person’s');
}

/** What takes a link back for good, whatever its source says afterwards. */
export function disregardOf({ by, linkId }: Pick<SaidLink, 'by' | 'linkId'>): SaidLink {
  return { by, linkId, revision: LAST_REVISION };
}

/** With what was said of a link in the place of what was said before. */
export function withLink(links: readonly HeardLink[], heard: HeardLink): readonly HeardLink[] {
  return [...links.filter((one) => !isSame(one, heard, heard.linkedCaseId)), heard];
}

/** Cases that somebody has linked and not unlinked since. What one agency takes back, another one may go on saying. */
export function casesLinkedBy(links: readonly HeardLink[]): readonly string[] {
  return [...new Set(links.filter(({ isLinked }) => isLinked).map(({ linkedCaseId }) => linkedCaseId))];
}
