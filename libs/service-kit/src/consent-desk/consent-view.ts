import type { Instant } from '@acogida/core';
import {
  CONSENT_FIELDS,
  CONSENT_PURPOSES,
  type ConsentField,
  type ConsentPurpose,
  RECEIPT_LANGUAGES,
  type ReceiptLanguage,
  REFERRAL_SERVICES,
  type ReferralService,
  RETENTION_BASES,
  RETENTION_CATEGORIES,
  type RetentionBasis,
  type RetentionCategory,
} from '@acogida/reference';
import {
  type Acknowledgement,
  acknowledgementsOf,
  ANY_LISTED_FOR_SERVICE,
  awaitedOf,
  CONSENT_STATUSES,
  type ConsentRecord,
  type ConsentRegister,
  type ConsentStatus,
  consentStatusAt,
} from '@acogida/referral';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  ValidateNested,
} from 'class-validator';

/** Something kept after a withdrawal. */
export class RetentionView {
  @IsIn(RETENTION_CATEGORIES)
  category!: RetentionCategory;

  @IsIn(RETENTION_BASES)
  legalBasis!: RetentionBasis;

  @IsOptional()
  @IsString()
  until!: string | null;
}

/** An agency's answer to a withdrawal. */
export class AcknowledgementView {
  @IsString()
  agency!: string;

  @IsISO8601()
  acknowledgedAt!: string;

  @IsArray()
  @IsIn(RETENTION_CATEGORIES, { each: true })
  destroyed!: RetentionCategory[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RetentionView)
  retained!: RetentionView[];
}

/** A consent as answered. Nulls and empty lists where only its withdrawal was heard of. */
export class ConsentView {
  @IsUUID()
  id!: string;

  @IsUUID()
  caseId!: string;

  /** Of all consents of the case. */
  @IsInt()
  version!: number;

  /** By the clock: EXPIRED from the instant on. */
  @IsIn(CONSENT_STATUSES)
  state!: ConsentStatus;

  /** Agency that recorded it. */
  @IsOptional()
  @IsString()
  agency!: string | null;

  @IsBoolean()
  recordedHere!: boolean;

  @IsArray()
  @IsIn(CONSENT_PURPOSES, { each: true })
  purposes!: ConsentPurpose[];

  @IsArray()
  @IsIn(CONSENT_FIELDS, { each: true })
  fields!: ConsentField[];

  /** Null for whoever the directory lists for one of the services. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  recipients!: string[] | null;

  @IsArray()
  @IsIn(REFERRAL_SERVICES, { each: true })
  services!: ReferralService[];

  @IsOptional()
  @IsString()
  history!: string | null;

  @IsOptional()
  @IsString()
  basis!: string | null;

  @IsOptional()
  @IsString()
  form!: string | null;

  @IsOptional()
  @IsString()
  givenBy!: string | null;

  @IsOptional()
  @IsString()
  childAssent!: string | null;

  @IsOptional()
  @IsString()
  language!: string | null;

  @IsOptional()
  @IsString()
  interpretation!: string | null;

  @IsOptional()
  @IsISO8601()
  grantedAt!: string | null;

  @IsOptional()
  @IsISO8601()
  expiresAt!: string | null;

  @IsOptional()
  @IsISO8601()
  withdrawnAt!: string | null;

  /** Agency where it was withdrawn. */
  @IsOptional()
  @IsString()
  lodgedAt!: string | null;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => AcknowledgementView)
  acknowledgements!: AcknowledgementView[];

  /** Agencies that have not said what they keep. */
  @IsArray()
  @IsString({ each: true })
  awaiting!: string[];
}

function acknowledgementView(agency: string, answer: Acknowledgement): AcknowledgementView {
  const { acknowledgedAt, destroyed, retained } = answer;
  return { agency, acknowledgedAt, destroyed: [...destroyed], retained: retained.map((one) => ({ ...one })) };
}

function scopeView({
  facts,
  asked,
}: ConsentRecord): Pick<ConsentView, 'purposes' | 'fields' | 'recipients' | 'services' | 'history'> {
  const scope = facts?.scope ?? asked;
  const recipients = scope?.recipients ?? [];
  return {
    purposes: [...(scope?.purposes ?? [])],
    fields: [...(scope?.fields ?? [])],
    recipients: recipients === ANY_LISTED_FOR_SERVICE ? null : [...recipients],
    services: [...(scope?.services ?? [])],
    history: scope?.history ?? null,
  };
}

/** The answer for a consent of a case at an instant. */
export function consentViewOf(
  record: ConsentRecord,
  register: ConsentRegister,
  at: { readonly caseId: string; readonly version: number; readonly now: Instant; readonly agencyId: string },
): ConsentView {
  const { consentId, facts, grantedAt, withdrawal, recordedAt, isOwn } = record;
  return {
    ...{ id: consentId, caseId: at.caseId, version: at.version, state: consentStatusAt(record, at.now) },
    ...{ agency: recordedAt, recordedHere: isOwn },
    ...scopeView(record),
    basis: facts?.basis ?? null,
    form: facts?.form ?? null,
    givenBy: facts?.givenBy ?? null,
    childAssent: facts?.childAssent ?? null,
    language: facts?.language ?? null,
    interpretation: facts?.interpretation ?? null,
    grantedAt,
    expiresAt: facts?.expiresAt ?? null,
    withdrawnAt: withdrawal?.withdrawnAt ?? null,
    lodgedAt: withdrawal?.lodgedAt ?? null,
    acknowledgements: Object.entries(acknowledgementsOf(register, record))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([agency, answer]) => acknowledgementView(agency, answer)),
    awaiting: [...awaitedOf(register, record, at.agencyId)],
  };
}

/** A part of a receipt. */
export class ReceiptSectionView {
  @IsString()
  heading!: string;

  @IsArray()
  @IsString({ each: true })
  paragraphs!: readonly string[];

  @IsArray()
  @IsString({ each: true })
  items!: readonly string[];
}

/** The receipt for the person; the same as a page with `Accept: text/html`. */
export class ReceiptView {
  @IsIn(RECEIPT_LANGUAGES)
  language!: ReceiptLanguage;

  @IsString()
  title!: string;

  @IsArray()
  @IsString({ each: true })
  opening!: readonly string[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ReceiptSectionView)
  sections!: readonly ReceiptSectionView[];
}
