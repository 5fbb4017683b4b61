import { casesIn, type OwnCases } from '@acogida/service-kit';
import { childCaseIdOf, childCaseProcedure } from '../child-case.procedure.ts';

const children = casesIn({ table: 'child_case', idColumn: 'child_case_id', procedure: childCaseProcedure });

/** The children whose cases stand here. One that was reported is known, and its case was opened by another agency. */
export const ownChildren: OwnCases = async (lookup, caseId, node) => {
  const child = await children(lookup, caseId, node);
  if (child === null) return null;
  const { state } = await node.handler.load(childCaseProcedure, childCaseIdOf(node.agencyId, caseId), lookup);
  return { ...child, isOwnAct: state.wasMetFirst };
};
