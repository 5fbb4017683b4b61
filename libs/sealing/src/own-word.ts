/**
 * Whether a row of a case key replaces the one that is known: what an agency says of its own key counts more than what another
 * handed on.
 */
export function isOwnWord(added: Readonly<Record<string, unknown>>, known: Readonly<Record<string, unknown>>): boolean {
  const { grantedBy, source } = added;
  if (typeof grantedBy !== 'string' || typeof known['grantedBy'] !== 'string') return false;
  return grantedBy === source && known['grantedBy'] !== known['source'];
}
