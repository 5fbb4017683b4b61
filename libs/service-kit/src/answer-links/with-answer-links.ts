import type { InlineProjection } from '@acogida/event-store';
import type { NodeDefinition } from '../node-definition.ts';
import { AnswerLinksController } from './answer-links.controller.ts';
import { AnswerLinks } from './answer-links.ts';
import { AnswerPageController } from './answer-page.controller.ts';
import { CreateAnswerLinkTable1795511000000 } from './create-answer-link-table.migration.ts';
import { LinkIssuing } from './link-issuing.ts';

/** A link is of a referral, and goes with the referrals of an erased case. */
const answerLinkForgetting: InlineProjection = {
  name: 'answer-link-forgetting',
  apply: async () => {},
  reset: async () => {},
  forget: async (transaction, caseId) => {
    const ofCase = 'SELECT referral_id FROM referral WHERE case_id = $1';
    const gone = await transaction.query(`DELETE FROM answer_link WHERE referral_id IN (${ofCase})`, [caseId]);
    return gone.rowCount ?? 0;
  },
};

/**
 * A node that can refer to agencies without one: `export const intakeNode = withAnswerLinks({ … })`. It has a referral desk and
 * a consent desk. Nothing is answered by links unless `ANSWER_LINKS=on`.
 */
export function withAnswerLinks(definition: NodeDefinition): NodeDefinition {
  return {
    ...definition,
    controllers: [...definition.controllers, AnswerLinksController, AnswerPageController],
    providers: [...definition.providers, AnswerLinks, LinkIssuing],
    migrations: [...definition.migrations, CreateAnswerLinkTable1795511000000],
    inlineProjections: [...definition.inlineProjections, answerLinkForgetting],
  };
}
