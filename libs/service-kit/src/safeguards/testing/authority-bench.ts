import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@acogida/core';
import type { Removal } from '@acogida/reference';
import type { IdentityElements } from '@acogida/safeguards';
import { OwnObstacles, type OwnObstaclesOfCases } from '../../case-obstacles/own-obstacles.ts';
import { type Holding, HOLDINGS } from '../../consent-desk/holdings.ts';
import { IDENTITY_INDEX, type IdentityIndex } from '../../identity-search/identity-index.ts';
import type { NodeDefinition } from '../../node-definition.ts';
import { ClearanceService } from '../clearance-service.ts';
import { holdDesk } from '../hold-desk.ts';
import { ManualMonotonicClock } from './manual-monotonic-clock.ts';

/** The agencies of these specs: the authority, a gate that asks it, one of another agency, and one that runs none. */
export const [REFUGE, BORDER, RETURNS, CONATT] = [
  ...(['cr-refugee-unit', 'cr-border-intake', 'cr-returns', 'cr-conatt'] as const),
];
/** Name of a person: it must never be found where it does not belong. */
export const NAME = 'Rosa Jiménez';
export const IDENTITY: IdentityElements = {
  ...{ names: [NAME], dateOfBirth: null, sex: null, nationalities: ['NI'], documents: [] },
};

/** An authority whose surroundings a spec sets. */
export class AuthorityBench {
  readonly monotonic = new ManualMonotonicClock();
  /** Cases that it has a file of. */
  readonly files = new Set<string>();
  obstacles: OwnObstaclesOfCases = { obstacles: [], unknownHolds: [] };
  found: 'NO_MATCH' | 'POSSIBLE_MATCH' | Error = 'NO_MATCH';
  /** What was searched. */
  readonly searches: unknown[] = [];

  definition(): NodeDefinition {
    const holds = holdDesk(['ASYLUM_INTENT', 'ASYLUM_PENDING'], { monotonic: this.monotonic });
    const file: Holding = {
      ...{ category: 'CASE_FILE', legalBasis: 'OPEN_PROCEDURE' },
      isHeld: async (_, caseId) => this.files.has(caseId),
    };
    const index: Pick<IdentityIndex, 'search'> = {
      search: async (...asked) => {
        this.searches.push(asked);
        if (this.found instanceof Error) throw this.found;
        return this.found;
      },
    };
    const fakes = [
      { provide: OwnObstacles, useValue: { of: async () => this.obstacles } },
      { provide: HOLDINGS, useValue: [file] },
      { provide: IDENTITY_INDEX, useValue: index },
    ];
    const providers = [...holds.providers, ...fakes];
    return { kind: 'asylum', description: 'An authority.', entities: [], ...holds, providers };
  }

  /** A new case that it has a file of. */
  newCase(): string {
    const caseId = randomUUID();
    this.files.add(caseId);
    return caseId;
  }
}

/** A question as a gate asks it. */
export interface Question {
  readonly caseId: string;
  readonly clearanceId: string;
  readonly removal: Removal;
  readonly identity: IdentityElements | null;
}

/** A question about a case. */
export function questionOf(caseId: string, change: Partial<Question> = {}): Question {
  return { caseId, clearanceId: randomUUID(), removal: 'EXPULSION', identity: null, ...change };
}

/** Asks the service of a node as its channel does. */
export function asks(
  node: { readonly app: { get(type: typeof ClearanceService): ClearanceService } },
  question: Question,
  gate: string = BORDER,
): Promise<JsonObject> {
  return node.app.get(ClearanceService).answer(gate, question.clearanceId, question as unknown as JsonObject);
}
