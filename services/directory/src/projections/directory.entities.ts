import type { AgencyKind, AgencyStatus, Capacity, FocalPointRole, ReferralService } from '@acogida/reference';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PublicKey } from '../domain/agency.ts';

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
}

/** Where an agency is reached. */
@Entity({ name: 'directory_focal_point' })
export class FocalPointEntity {
  @PrimaryColumn({ name: 'agency_id', type: 'text' })
  agencyId!: string;

  @PrimaryColumn({ type: 'text' })
  role!: FocalPointRole;

  @Column({ type: 'text' })
  contact!: string;
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
}
