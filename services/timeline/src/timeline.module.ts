import type { NodeDefinition } from '@acogida/service-kit';
import { CasesController } from './http/cases.controller.ts';
import { CreateTimeline1795300000002 } from './migrations/create-timeline.ts';
import { CaseRead } from './projections/case-read.entity.ts';
import { CaseReads } from './http/case-reads.ts';
import { timelineProjection } from './projections/timeline.projection.ts';
import { TimelineCase } from './projections/timeline-case.entity.ts';
import { TimelineEvent } from './projections/timeline-event.entity.ts';
import { TimelineQueries } from './http/timeline-queries.ts';

/** The node of an oversight body: shows case histories from the log, decides nothing, publishes nothing. */
export const timelineNode: NodeDefinition = {
  kind: 'timeline',
  description: 'Shows the histories of cases across agencies to auditors, and records who read them.',
  procedures: [],
  controllers: [CasesController],
  providers: [TimelineQueries, CaseReads],
  entities: [TimelineEvent, TimelineCase, CaseRead],
  migrations: [CreateTimeline1795300000002],
  inlineProjections: [],
  contractProjections: [timelineProjection],
  policies: () => [],
};
