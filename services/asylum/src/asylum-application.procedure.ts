import type { ProcedureDefinition } from '@acogida/event-store';
import {
  ASYLUM_APPLICATION_VERSIONS,
  type AsylumApplication,
  type AsylumApplicationCommand,
  asylumApplicationDecider,
  type AsylumApplicationEvent,
} from './domain/asylum-application.ts';
import { publishAsylumApplication } from './integration/publish.ts';

/** An asylum application as the edge runs it, on streams `asylum-application-<applicationId>`. */
export const asylumApplication: ProcedureDefinition<
  AsylumApplicationCommand,
  AsylumApplication,
  AsylumApplicationEvent
> = {
  name: 'asylum-application',
  decider: asylumApplicationDecider,
  versions: ASYLUM_APPLICATION_VERSIONS,
  upcasters: [],
  publish: publishAsylumApplication,
  caseOf: (state) => state.lodged?.caseId ?? null,
};
