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

function isSame(one: HeardLink, { by, linkId }: SaidLink, linkedCaseId: string): boolean {
  return one.by === by && one.linkId === linkId && one.linkedCaseId === linkedCaseId;
}

/** Whether a word on a link says more than what was heard before. */
export function isNewsOfLink(links: readonly HeardLink[], said: SaidLink, linkedCaseId: string): boolean {
  const known = links.find((one) => isSame(one, said, linkedCaseId));
  return known === undefined || known.revision < said.revision;
}

/** With what was said of a link in the place of what was said before. */
export function withLink(links: readonly HeardLink[], heard: HeardLink): readonly HeardLink[] {
  return [...links.filter((one) => !isSame(one, heard, heard.linkedCaseId)), heard];
}

/** Cases that somebody has linked and not unlinked since. What one agency takes back, another one may go on saying. */
export function casesLinkedBy(links: readonly HeardLink[]): readonly string[] {
  return [...new Set(links.filter(({ isLinked }) => isLinked).map(({ linkedCaseId }) => linkedCaseId))];
}
