/**
 * SQL: whether a legal hold stands on the case of an expression of type `uuid`, by the last word on it. Its events tell by their type, so that no
 * row has to be kept beside them.
 *
 * @param caseId an expression of the statement that it stands in, never a value
 */
export function legalHoldStandsOn(caseId: string): string {
  return `EXISTS (
    SELECT FROM (
      SELECT type FROM es.event WHERE stream = 'erasure-' || ${caseId}::text AND type LIKE 'LegalHold%'
      ORDER BY version DESC LIMIT 1
    ) AS last_word WHERE type = 'LegalHoldPlaced')`;
}
