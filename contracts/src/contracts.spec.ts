import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import {
  AGENCY_KINDS,
  AGENCY_STATUSES,
  ATTACHMENT_KINDS,
  CANCEL_REASONS,
  CAPACITIES,
  CHANNELS,
  COMPLETION_RESULTS,
  CONSENT_ASSENTS,
  CONSENT_BASES,
  CONSENT_FIELDS,
  CONSENT_FORMS,
  CONSENT_GIVERS,
  CONSENT_HISTORIES,
  CONSENT_PURPOSES,
  ENTRY_ERRORS,
  ENTRY_MODES,
  FAILURE_REASONS,
  FOCAL_POINT_ROLES,
  HOLD_LIFT_REASONS,
  HOLD_REASONS,
  INDICATOR_DIMENSIONS,
  INFORMATION_TOPICS,
  LEAVING_REASONS,
  LOOP_OUTCOMES,
  NATIONALITY_STATUSES,
  OUTCOME_REASONS,
  OVERRIDE_REASONS,
  REFERRAL_REASONS,
  REFERRAL_SERVICES,
  REJECT_REASONS,
  REMOVAL_HOLDS,
  RETENTION_BASES,
  RETENTION_CATEGORIES,
  RIGHTS_TOPICS,
  TRAFFICKING_ACTS,
  TRAFFICKING_MEANS,
  TRAFFICKING_OUTCOMES,
  TRAFFICKING_PURPOSES,
  TRANSFER_DECLINE_REASONS,
  URGENCIES,
  URGENT_NEEDS,
} from '@acogida/reference';
import { incompatible, outOfDate } from '../generate.mjs';
import { CONTRACT_CLASSES } from './contract-event.ts';
import { contractFileOf } from './contract-files.ts';
import {
  caseOpenedV1Schema,
  consentGrantedV1Schema,
  contractCatalogue,
  focalPointDesignatedV1Schema,
  holdLiftedV1Schema,
  holdPlacedV1Schema,
  agencyListedV1Schema,
  memberAnnouncedV1Schema,
  memberRemovedV1Schema,
  referralCancelledV1Schema,
  referralCompletedV1Schema,
  referralFailedV1Schema,
  referralInformationProvidedV1Schema,
  referralLoopClosedV1Schema,
  referralMarkedInErrorV1Schema,
  referralPutOnHoldV1Schema,
  referralRejectedV1Schema,
  referralRequestedV1Schema,
  referralRequestedV2Schema,
  rightsInformationProvidedV1Schema,
  screeningConductedV1Schema,
  serviceListedV1Schema,
  traffickingIndicatorFlaggedV1Schema,
  traffickingOutcomeRecordedV1Schema,
  transferRequestAnsweredV1Schema,
  transferRequestAnsweredV2Schema,
  transferRequestedV2Schema,
  urgentNeedsScreenedV1Schema,
  withdrawalAcknowledgedV1Schema,
} from './generated/index.ts';
import type { ContractType } from './known-event.ts';
import { contractDataFault, readContractPayload } from './read-contract-payload.ts';

const SCHEMAS = new URL('../schemas/', import.meta.url);
const FIXTURES = new URL('../fixtures/', import.meta.url);

interface EventVersion {
  readonly type: ContractType;
  readonly version: number;
  readonly schema: {
    readonly required: readonly string[];
    readonly properties: Readonly<Record<string, { readonly enum?: readonly string[]; readonly type: unknown }>>;
    readonly additionalProperties: boolean;
    readonly description: string;
    readonly 'x-class': string;
  };
}

const VERSIONS: readonly EventVersion[] = Object.entries(contractCatalogue).flatMap(([type, { schemas }]) =>
  Object.entries(schemas).map(
    ([version, schema]) => ({ type, version: Number(version), schema }) as unknown as EventVersion,
  ),
);

const fileOf = ({ type, version }: EventVersion): string => contractFileOf(type, version);

async function fixtureOf(event: EventVersion): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(new URL(fileOf(event), FIXTURES), 'utf8')) as Record<string, unknown>;
}

function payloadOf(event: EventVersion, data: unknown): Record<string, unknown> {
  return {
    type: event.type,
    schemaVersion: event.version,
    caseId: event.schema['x-class'] === 'directory' ? null : '00000000-0000-4000-8000-00000000000a',
    data,
    occurredAt: '2026-11-22T09:00:00.000Z',
    recordedAt: '2026-11-22T09:00:01.000Z',
    stream: 'sample-1',
    version: 1,
    publishedHead: 'a'.repeat(64),
    privateHead: 'b'.repeat(64),
    correlationId: '00000000-0000-4000-8000-00000000000b',
    causation: { source: 'cr-border-intake', id: '00000000-0000-4000-8000-00000000000c' },
    clock: '1795338000000-000000',
  };
}

describe('the catalogue', () => {
  it('holds exactly the schemas and fixtures on disk, one of each per event version', async () => {
    const files = VERSIONS.map(fileOf).sort();
    expect((await readdir(SCHEMAS)).sort()).toEqual(files);
    expect((await readdir(FIXTURES)).sort()).toEqual(files);
    expect(files.length).toBeGreaterThanOrEqual(21);
  });

  it.each(VERSIONS)('gives $type a class, a description, and nothing optional or open', ({ type, schema }) => {
    expect(CONTRACT_CLASSES).toContain(contractCatalogue[type].class);
    expect(contractCatalogue[type].class).toBe(schema['x-class']);
    expect(schema.description).not.toBe('');
    expect(schema.additionalProperties).toBe(false);
    expect([...schema.required].sort()).toEqual(Object.keys(schema.properties).sort());
  });

  it('uses the code lists of @acogida/reference', () => {
    const request = referralRequestedV1Schema.properties;
    const screening = screeningConductedV1Schema.properties;
    const consent = consentGrantedV1Schema.properties;
    const answer = withdrawalAcknowledgedV1Schema.properties;
    const declines: readonly (string | null)[] = transferRequestAnsweredV1Schema.properties.reason.enum;
    const declinesNow: readonly (string | null)[] = transferRequestAnsweredV2Schema.properties.reason.enum;
    const holds: readonly (string | null)[] = holdPlacedV1Schema.properties.kind.enum;
    const lifts: readonly (string | null)[] = holdLiftedV1Schema.properties.reason.enum;
    const lists: readonly (readonly [readonly string[], readonly string[]])[] = [
      [caseOpenedV1Schema.properties.channel.enum, CHANNELS],
      [caseOpenedV1Schema.properties.entryMode.enum, ENTRY_MODES],
      [rightsInformationProvidedV1Schema.properties.topics.items.enum, RIGHTS_TOPICS],
      [urgentNeedsScreenedV1Schema.properties.needs.items.properties.need.enum, URGENT_NEEDS],
      [traffickingIndicatorFlaggedV1Schema.properties.indicators.items.properties.dimension.enum, INDICATOR_DIMENSIONS],
      [request.service.enum, REFERRAL_SERVICES],
      [request.urgency.enum, URGENCIES],
      [request.reason.enum, REFERRAL_REASONS],
      [request.consent.properties.basis.enum, CONSENT_BASES],
      [request.facts.properties.nationalityStatus.enum, NATIONALITY_STATUSES],
      [referralRejectedV1Schema.properties.reason.enum, REJECT_REASONS],
      [referralCompletedV1Schema.properties.result.enum, COMPLETION_RESULTS],
      [referralPutOnHoldV1Schema.properties.reason.enum, HOLD_REASONS],
      [referralPutOnHoldV1Schema.properties.information.items.enum, INFORMATION_TOPICS],
      [referralInformationProvidedV1Schema.properties.information.items.enum, INFORMATION_TOPICS],
      [referralRequestedV2Schema.properties.attachments.items.properties.kind.enum, ATTACHMENT_KINDS],
      [referralRequestedV2Schema.properties.consent.properties.overriddenFor.enum, OVERRIDE_REASONS],
      [referralFailedV1Schema.properties.reason.enum, FAILURE_REASONS],
      [referralCancelledV1Schema.properties.reason.enum, CANCEL_REASONS],
      [referralMarkedInErrorV1Schema.properties.reason.enum, ENTRY_ERRORS],
      [referralLoopClosedV1Schema.properties.outcome.enum, LOOP_OUTCOMES],
      [declines.filter((code) => code !== null), TRANSFER_DECLINE_REASONS],
      [declinesNow.filter((code) => code !== null), TRANSFER_DECLINE_REASONS],
      [transferRequestedV2Schema.properties.urgency.enum, URGENCIES],
      [holds.filter((code) => code !== null), REMOVAL_HOLDS],
      [lifts.filter((code) => code !== null), HOLD_LIFT_REASONS],
      [screening.acts.items.enum, TRAFFICKING_ACTS],
      [screening.means.items.enum, TRAFFICKING_MEANS],
      [screening.purposes.items.enum, TRAFFICKING_PURPOSES],
      [screening.suggested.enum, TRAFFICKING_OUTCOMES],
      [traffickingOutcomeRecordedV1Schema.properties.reason.enum, OUTCOME_REASONS],
      [agencyListedV1Schema.properties.kind.enum, AGENCY_KINDS],
      [agencyListedV1Schema.properties.status.enum, AGENCY_STATUSES],
      [serviceListedV1Schema.properties.type.enum, REFERRAL_SERVICES],
      [serviceListedV1Schema.properties.capacity.enum, CAPACITIES],
      [consent.purposes.items.enum, CONSENT_PURPOSES],
      [consent.fields.items.enum, CONSENT_FIELDS],
      [consent.services.items.enum, REFERRAL_SERVICES],
      [consent.history.enum, CONSENT_HISTORIES],
      [consent.form.enum, CONSENT_FORMS],
      [consent.givenBy.enum, CONSENT_GIVERS],
      [consent.childAssent.enum, CONSENT_ASSENTS],
      [consent.basis.enum, CONSENT_BASES],
      [answer.destroyed.items.enum, RETENTION_CATEGORIES],
      [answer.retained.items.properties.category.enum, RETENTION_CATEGORIES],
      [answer.retained.items.properties.legalBasis.enum, RETENTION_BASES],
      [focalPointDesignatedV1Schema.properties.role.enum, FOCAL_POINT_ROLES],
      [memberRemovedV1Schema.properties.reason.enum, LEAVING_REASONS],
      [memberAnnouncedV1Schema.properties.history.enum, CONSENT_HISTORIES],
    ];
    for (const [inSchema, inReference] of lists) expect([...inSchema].sort()).toEqual([...inReference].sort());
  });

  it('is generated from the schemas as they are, and so is the AsyncAPI document', async () => {
    expect(await outOfDate()).toEqual([]);
  });

  it('keeps every released version as it was, with its fixture and a chain of upcasters to the current one', async () => {
    expect(await incompatible()).toEqual([]);
  });
});

describe.each(VERSIONS)('$type version $version', (event) => {
  it('accepts its fixture, unchanged when it is current, else lifted to what the current schema accepts', async () => {
    const payload = payloadOf(event, await fixtureOf(event));
    const { currentVersion } = contractCatalogue[event.type];
    const read = readContractPayload(payload);
    if (event.version === currentVersion) expect(read).toEqual({ status: 'ok', payload });
    else expect(read).toMatchObject({ status: 'ok', payload: { schemaVersion: currentVersion } });
    const data = read.status === 'ok' ? read.payload.data : undefined;
    expect(contractDataFault(event.type, currentVersion, data)).toBeUndefined();
  });

  it('refuses the fixture without any one of its keys', async () => {
    const data = await fixtureOf(event);
    for (const key of Object.keys(data)) {
      const { [key]: _, ...rest } = data;
      expect(readContractPayload(payloadOf(event, rest))).toEqual({ status: 'invalid', reason: '/data: required' });
    }
  });

  it('refuses a key more, without naming it', async () => {
    const data = { ...(await fixtureOf(event)), fullName: 'Somebody' };
    const reason = '/data: additionalProperties';
    expect(readContractPayload(payloadOf(event, data))).toEqual({ status: 'invalid', reason });
  });

  it('refuses a wrong code and a wrong type in any key, without repeating the value', async () => {
    const data = await fixtureOf(event);
    for (const [key, { enum: codes, type }] of Object.entries(event.schema.properties)) {
      const wrong = type === 'array' ? ['Some Body'] : codes === undefined ? { some: 'body' } : 'SOME_BODY';
      const fault = contractDataFault(event.type, event.version, { ...data, [key]: wrong });
      expect(fault).toMatch(new RegExp(`^/data/${key}(/0)?: [a-z]+$`, 'i'));
      expect(fault?.toLowerCase()).not.toContain('body');
    }
  });

  it('refuses the wrong kind of subject, but for keys, which may be of several cases, and receipts of erasures', async () => {
    const payload = payloadOf(event, await fixtureOf(event));
    const caseId = payload['caseId'] === null ? '00000000-0000-4000-8000-00000000000a' : null;
    const refused = { status: 'invalid', reason: '/caseId: class' };
    const mayNameNone = ['key', 'erasure'].includes(String(event.schema['x-class']));
    expect(readContractPayload({ ...payload, caseId })).toMatchObject(mayNameNone ? { status: 'ok' } : refused);
  });
});

describe('readContractPayload', () => {
  const opened = VERSIONS.find(({ type }) => type === 'CaseOpened') as EventVersion;

  it('knows a type that it does not know', () => {
    expect(readContractPayload({ ...payloadOf(opened, {}), type: 'PersonForgotten' })).toEqual({
      status: 'unknown-type',
    });
    expect(readContractPayload({ ...payloadOf(opened, {}), type: 'Constructor' })).toEqual({ status: 'unknown-type' });
  });

  it('knows a version that it does not know', () => {
    const payload = { ...payloadOf(opened, {}), schemaVersion: 2 };
    expect(readContractPayload(payload)).toEqual({ status: 'unknown-version' });
  });

  it.each([
    ['null', null, ': type'],
    ['a text', 'CaseOpened', ': type'],
    ['a missing key', { ...payloadOf(opened, {}), clock: undefined }, ': required'],
    ['a malformed clock', { ...payloadOf(opened, {}), clock: 'now' }, '/clock: pattern'],
    ['version zero', { ...payloadOf(opened, {}), schemaVersion: 0 }, '/schemaVersion: minimum'],
    ['a type named like an object property', { ...payloadOf(opened, {}), type: 'constructor' }, '/type: pattern'],
    ['data that is no object', payloadOf(opened, []), '/data: type'],
  ])('refuses %s', (_, payload, reason) => {
    const read = JSON.parse(JSON.stringify(payload)) as unknown;
    expect(readContractPayload(read)).toEqual({ status: 'invalid', reason });
  });

  it('keeps unknown keys of a newer frame', async () => {
    const payload = { ...payloadOf(opened, await fixtureOf(opened)), epoch: 3 };
    expect(readContractPayload(payload)).toEqual({ status: 'ok', payload });
  });

  it.each(['2026-13', '2026-00-10', '26', '2026-1-1', '2026-11-22T09:00:00.000Z'])(
    'refuses %s as a partial date',
    async (contactedOn) => {
      const data = { ...(await fixtureOf(opened)), contactedOn };
      expect(contractDataFault('CaseOpened', 1, data)).toBe('/data/contactedOn: pattern');
    },
  );

  it('refuses the private part of a key', async () => {
    const listed = VERSIONS.find(({ type }) => type === 'AgencyKeyListed') as EventVersion;
    const data = await fixtureOf(listed);
    const publicKey = { ...(data['publicKey'] as object), d: 'secret' };
    expect(contractDataFault('AgencyKeyListed', 1, { ...data, publicKey })).toBe(
      '/data/publicKey: additionalProperties',
    );
  });
});
