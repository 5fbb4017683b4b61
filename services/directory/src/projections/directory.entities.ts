import type {
  AgencyKind,
  AgencyNature,
  AgencyStatus,
  AgreementKind,
  AgreementPurpose,
  Capacity,
  FocalPointRole,
  OpeningHours,
  OriginRegion,
  Participation,
  ReferralService,
  RemovalHold,
  ServiceStatus,
} from '@acogida/reference';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PublicKey } from '../domain/agency.ts';
import type { Eligibility, ServiceArea } from '../domain/service-entry.ts';

/** An agency as listed. */
@Entity({ name: 'directory_agency' })
export class AgencyEntity {
  @PrimaryColumn({ name: 'agency_id', type: 'text' })
  agencyId!: string;

  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  kind!: AgencyKind;

  @Column({ type: 'text', nullable: true })
  jurisdiction!: string | null;

  @Column({ type: 'text' })
  status!: AgencyStatus;

  @Column({ type: 'text' })
  nature!: AgencyNature;

  @Column({ name: 'authority_of', type: 'text', nullable: true })
  authorityOf!: string | null;

  @Column({ type: 'text' })
  participation!: Participation;

  @Column({ type: 'text', nullable: true })
  successor!: string | null;

  @Column({ type: 'text', array: true })
  languages!: string[];
}

/** Where an agency is reached. */
@Entity({ name: 'directory_focal_point' })
export class FocalPointEntity {
  @PrimaryColumn({ name: 'agency_id', type: 'text' })
  agencyId!: string;

  @PrimaryColumn({ type: 'text' })
  role!: FocalPointRole;

  /** Empty for any region. */
  @PrimaryColumn({ name: 'origin_region', type: 'text' })
  originRegion!: OriginRegion | '';

  @Column({ type: 'text' })
  contact!: string;

  @Column({ type: 'text', array: true })
  languages!: string[];
}

/** A public key of an agency. */
@Entity({ name: 'directory_key' })
export class AgencyKeyEntity {
  @PrimaryColumn({ name: 'agency_id', type: 'text' })
  agencyId!: string;

  @PrimaryColumn({ name: 'key_id', type: 'text' })
  keyId!: string;

  @Column({ type: 'text' })
  use!: 'SIGNING';

  @Column({ name: 'public_key', type: 'jsonb' })
  publicKey!: PublicKey;

  @Column({ name: 'from_number', type: 'bigint', transformer: { to: String, from: Number } })
  fromNumber!: number;
}

/** A service as listed. */
@Entity({ name: 'directory_service' })
export class ServiceEntity {
  @PrimaryColumn({ name: 'service_id', type: 'uuid' })
  serviceId!: string;

  @Column({ type: 'integer' })
  version!: number;

  @Column({ name: 'agency_id', type: 'text' })
  agencyId!: string;

  @Column({ type: 'text' })
  type!: ReferralService;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', array: true })
  languages!: string[];

  @Column({ type: 'text', array: true })
  areas!: string[];

  @Column({ type: 'text' })
  capacity!: Capacity;

  @Column({ type: 'text', nullable: true })
  description!: string | null;

  @Column({ type: 'text' })
  status!: ServiceStatus;

  @Column({ name: 'service_areas', type: 'jsonb' })
  serviceAreas!: ServiceArea[];

  @Column({ type: 'jsonb' })
  eligibility!: Eligibility;

  @Column({ type: 'jsonb' })
  schedules!: OpeningHours[];

  @Column({ type: 'integer', nullable: true })
  available!: number | null;

  @Column({ type: 'integer', nullable: true })
  maximum!: number | null;

  @Column({ type: 'text', nullable: true })
  unit!: string | null;

  /** An instant as `Instant` writes it. */
  @Column({ type: 'text', nullable: true })
  updated!: string | null;
}

/** An agreement as listed. */
@Entity({ name: 'directory_agreement' })
export class AgreementEntity {
  @PrimaryColumn({ name: 'agreement_id', type: 'uuid' })
  agreementId!: string;

  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'text' })
  kind!: AgreementKind;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', array: true })
  parties!: string[];

  @Column({ type: 'text', array: true })
  purposes!: AgreementPurpose[];

  /** Calendar dates. */
  @Column({ name: 'valid_from', type: 'text' })
  validFrom!: string;

  @Column({ name: 'valid_through', type: 'text', nullable: true })
  validThrough!: string | null;

  @Column({ name: 'procedure_version', type: 'text', nullable: true })
  procedureVersion!: string | null;

  @Column({ type: 'boolean' })
  suspended!: boolean;
}

/** An agency that must clear departures of a jurisdiction. */
@Entity({ name: 'directory_clearance_authority' })
export class ClearanceAuthorityEntity {
  @PrimaryColumn({ type: 'text' })
  jurisdiction!: string;

  @PrimaryColumn({ name: 'agency_id', type: 'text' })
  agencyId!: string;

  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'text', array: true })
  holds!: RemovalHold[];
}
