import { DomainError, type JsonObject } from '@acogida/core';
import { CLEARANCE_REFUSALS, type ClearanceRefusal, REMOVALS, type Removal } from '@acogida/reference';
import {
  type ClearanceFinding,
  type ClearanceReply,
  type IdentityElements,
  LONGEST_LEASE_MS,
} from '@acogida/safeguards';
import { plainToInstance, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  Equals,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
  validateSync,
} from 'class-validator';
import { IdentityElementsBody } from '../identity-search/identity-elements-body.ts';

const FINDINGS = ['NO_OPEN_HOLD', 'SEARCHED_NO_MATCH'] as const satisfies readonly ClearanceFinding[];

/** A person with more cases than this is asked about by people. */
const MOST_LINKED = 100;

/** Who the person is under another case. */
export interface LinkedIdentity {
  /** In lower case. */
  readonly caseId: string;
  readonly identity: IdentityElements;
}

/** What a gate asks an authority, on topic `clearance`. */
export interface ClearanceRequest {
  readonly caseId: string;
  /** Drawn for this attempt and this authority; the id of the request as well. */
  readonly clearanceId: string;
  readonly removal: Removal;
  /** Null where the gate has nothing that identifies the person. */
  readonly identity: IdentityElements | null;
  /** As what the gate keeps the person under other cases. */
  readonly linkedIdentities: readonly LinkedIdentity[];
  /** Agencies that are gone, in whose place this one is asked, as the gate knows it. */
  readonly inPlaceOf: readonly string[];
  /** Cases that are the same person's, as the gate has heard: what is open on any of them counts. In lower case. */
  readonly linkedCaseIds: readonly string[];
}

class LinkedIdentityBody {
  @IsUUID()
  caseId!: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => IdentityElementsBody)
  identity!: IdentityElementsBody;
}

class RequestBody {
  @IsUUID()
  caseId!: string;

  @IsUUID()
  clearanceId!: string;

  @IsIn(REMOVALS)
  removal!: Removal;

  @ValidateIf((_, identity) => identity !== null)
  @IsDefined()
  @ValidateNested()
  @Type(() => IdentityElementsBody)
  identity!: IdentityElementsBody | null;

  @IsOptional()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(60, { each: true })
  inPlaceOf?: string[];

  @IsOptional()
  @ArrayMaxSize(MOST_LINKED)
  @IsUUID(undefined, { each: true })
  linkedCaseIds?: string[];

  /** Of cases among those. */
  @IsOptional()
  @ArrayMaxSize(MOST_LINKED)
  @ValidateNested({ each: true })
  @Type(() => LinkedIdentityBody)
  linkedIdentities?: LinkedIdentityBody[];
}

class GrantedBody {
  @IsUUID()
  clearanceId!: string;

  @Equals(true)
  isGranted!: true;

  @IsIn(FINDINGS)
  found!: ClearanceFinding;

  @IsInt()
  @Min(1)
  @Max(LONGEST_LEASE_MS)
  leaseMs!: number;
}

class RefusedBody {
  @IsUUID()
  clearanceId!: string;

  @IsBoolean()
  @Equals(false)
  isGranted!: false;

  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(CLEARANCE_REFUSALS, { each: true })
  reasons!: ClearanceRefusal[];
}

/** Null for what is no such body. */
function read<T extends object>(type: new () => T, body: JsonObject): T | null {
  const value = plainToInstance(type, body);
  const faults = validateSync(value, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  return faults.length === 0 ? value : null;
}

/** @throws DomainError CLEARANCE.MALFORMED: it is no such question, or not the one that its request names */
export function clearanceRequestOf(requestId: string, body: JsonObject): ClearanceRequest {
  const request = read(RequestBody, body);
  const isOfOthers = request?.linkedIdentities?.some((one) => !isNamed(request, one)) === true;
  if (request === null || isOfOthers || request.clearanceId.toLowerCase() !== requestId.toLowerCase()) {
    throw new DomainError('CLEARANCE.MALFORMED', 'invalid', 'this is no question for a clearance');
  }
  const { removal, identity, inPlaceOf = [], linkedCaseIds: linked = [] } = request;
  const [caseId, clearanceId] = [request.caseId.toLowerCase(), request.clearanceId.toLowerCase()];
  const linkedCaseIds = [...new Set(linked.map((id) => id.toLowerCase()))].filter((id) => id !== caseId);
  const linkedIdentities = (request.linkedIdentities ?? []).map((one) => ({
    ...one,
    caseId: one.caseId.toLowerCase(),
  }));
  return { caseId, clearanceId, removal, identity, linkedIdentities, inPlaceOf, linkedCaseIds };
}

/** Identity of a case that is not said to be the person's is nobody's to ask about. */
function isNamed({ linkedCaseIds = [] }: RequestBody, { caseId }: LinkedIdentityBody): boolean {
  return linkedCaseIds.some((id) => id.toLowerCase() === caseId.toLowerCase());
}

/** What goes back to the gate. */
export function clearanceReplyBody(clearanceId: string, reply: ClearanceReply): JsonObject {
  return reply.isGranted
    ? { clearanceId, isGranted: true, found: reply.found, leaseMs: reply.leaseMs }
    : { clearanceId, isGranted: false, reasons: [...reply.reasons] };
}

/** What an authority answered; null for what answers no such question, which is to be taken for unverifiable. */
export function clearanceReplyOf(body: JsonObject, clearanceId: string): ClearanceReply | null {
  if (typeof body['clearanceId'] !== 'string' || body['clearanceId'].toLowerCase() !== clearanceId.toLowerCase())
    return null;
  const granted = read(GrantedBody, body);
  if (granted !== null) return { isGranted: true, found: granted.found, leaseMs: granted.leaseMs };
  const refused = read(RefusedBody, body);
  return refused === null ? null : { isGranted: false, reasons: refused.reasons };
}
