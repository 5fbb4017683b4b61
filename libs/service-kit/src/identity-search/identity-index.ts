import type { IdentityElements, SearchOutcome } from '@acogida/safeguards';

/** Injection token of the node's `IdentityIndex`; a node without a vault has none. */
export const IDENTITY_INDEX = Symbol('acogida.identity-index');

/** Who asks for a search, and about whom. */
export interface SearchAsked {
  /** Agency that asks. */
  readonly by: string;
  /** The case that it asks about, which is no match of itself. */
  readonly caseId: string;
  /** Cases that are known to be this person's: no matches either. */
  readonly linked?: readonly string[];
}

/**
 * Searches the vault for whoever another agency is about to make leave (architecture.md §7, Clearance). For the clearance service
 * and the gate alone: what it found is for officers of this agency, and an asker is told no more than the outcome.
 */
export interface IdentityIndex {
  /**
   * Looks through all identities that are kept here. Each that is opened is in the audit. Elements by which nobody can be told
   * from anybody give `POSSIBLE_MATCH`.
   *
   * @throws what the database throws: then nobody was ruled out
   */
  search(elements: IdentityElements, asked: SearchAsked): Promise<SearchOutcome>;
  /**
   * What a gate asks with. Null where nothing that identifies is kept of the case.
   *
   * @throws DomainError CASE_ERASED (gone); BrokenSealError somebody changed what is kept
   */
  elementsOf(caseId: string): Promise<IdentityElements | null>;
}
