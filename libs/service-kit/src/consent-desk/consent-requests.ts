import {
  AGENCY_ID,
  AGE_STATUSES,
  type AgeStatus,
  CONSENT_ASSENTS,
  CONSENT_BASES,
  CONSENT_FIELDS,
  CONSENT_FORMS,
  CONSENT_GIVERS,
  CONSENT_HISTORIES,
  CONSENT_PURPOSES,
  type ConsentAssent,
  type ConsentBasis,
  type ConsentField,
  type ConsentForm,
  type ConsentGiver,
  type ConsentHistory,
  type ConsentPurpose,
  type Interpretation,
  INTERPRETATIONS,
  RECEIPT_LANGUAGES,
  type ReceiptLanguage,
  REFERRAL_SERVICES,
  type ReferralService,
  WITHDRAWAL_REASONS,
  type WithdrawalReason,
} from '@acogida/reference';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsUUID,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';

const LANGUAGE = /^[a-z]{3}$/;
const INSTANT = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const MAX_RECIPIENTS = 50;

/** Accepts null, but not absence. */
const OrNull = (): PropertyDecorator => ValidateIf((_: object, value: unknown) => value !== null);

/** How it was spoken (INV-18). */
export class ConversationBody {
  /** ISO 639-3; null only where an earlier register or another basis than consent has none. */
  @OrNull()
  @Matches(LANGUAGE)
  language!: string | null;

  @OrNull()
  @IsIn(INTERPRETATIONS)
  interpretation!: Interpretation | null;
}

/** What a person is asked to consent to. */
export class RequestConsentBody extends ConversationBody {
  @IsUUID()
  caseId!: string;

  @IsArray()
  @ArrayUnique()
  @IsIn(CONSENT_PURPOSES, { each: true })
  purposes!: ConsentPurpose[];

  @IsArray()
  @ArrayUnique()
  @IsIn(CONSENT_FIELDS, { each: true })
  fields!: ConsentField[];

  /** Agency ids; null for whoever the directory lists for one of the services. */
  @OrNull()
  @IsArray()
  @ArrayMaxSize(MAX_RECIPIENTS)
  @ArrayUnique()
  @Matches(AGENCY_ID, { each: true })
  @MaxLength(60, { each: true })
  recipients!: string[] | null;

  /** With the purpose REFERRAL. */
  @IsArray()
  @ArrayUnique()
  @IsIn(REFERRAL_SERVICES, { each: true })
  services!: ReferralService[];

  @IsIn(CONSENT_HISTORIES)
  history!: ConsentHistory;
}

/** A consent as given. */
export class GrantConsentBody extends RequestConsentBody {
  @IsIn(CONSENT_BASES)
  basis!: ConsentBasis;

  @IsIn(CONSENT_FORMS)
  form!: ConsentForm;

  @IsIn(CONSENT_GIVERS)
  givenBy!: ConsentGiver;

  @IsIn(CONSENT_ASSENTS)
  childAssent!: ConsentAssent;

  /** Explained: what is shared, with whom and why. */
  @IsBoolean()
  explained!: boolean;

  @IsBoolean()
  understandingChecked!: boolean;

  /** Free choice: nothing is lost by a no. */
  @IsBoolean()
  withoutPenalty!: boolean;

  /** UTC with milliseconds; as long as the country allows when left out or null. */
  @IsOptional()
  @Matches(INSTANT)
  expiresAt?: string | null;

  /** What is known of the age here; in doubt (DISPUTED) when left out. Doubt that is on record is not talked away (INV-08). */
  @IsOptional()
  @IsIn(AGE_STATUSES)
  ageStatus?: AgeStatus;
}

/** The answer no. */
export class RefuseConsentBody extends ConversationBody {}

/** A withdrawal. Nothing of it is needed but that it was said. */
export class WithdrawConsentBody {
  /** Needed only where the consent is not known here. */
  @IsOptional()
  @IsUUID()
  caseId?: string;

  @IsOptional()
  @IsIn(CONSENT_FORMS)
  form?: ConsentForm;

  /** Stays at this agency. */
  @IsOptional()
  @IsIn(WITHDRAWAL_REASONS)
  reason?: WithdrawalReason;

  @IsOptional()
  @Matches(LANGUAGE)
  language?: string | null;

  @IsOptional()
  @IsIn(INTERPRETATIONS)
  interpretation?: Interpretation | null;
}

/** A withdrawal of every consent of a case. */
export class WithdrawAllConsentsBody extends WithdrawConsentBody {
  @IsUUID()
  declare caseId: string;
}

/** A second person's yes to a contact with the country of origin (INV-05). */
export class ConfirmContactBody {
  @Matches(AGENCY_ID)
  @MaxLength(60)
  recipient!: string;
}

/** Which consents are listed. */
export class ConsentListQuery {
  @IsUUID()
  caseId!: string;
}

/** In which language a receipt is wanted. */
export class ReceiptQuery {
  /** BCP 47; that of the conversation when left out. */
  @IsOptional()
  @IsIn(RECEIPT_LANGUAGES)
  language?: ReceiptLanguage;
}
