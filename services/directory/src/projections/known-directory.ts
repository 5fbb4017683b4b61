import type { KnownAgency, KnownAgreement, KnownService } from '@acogida/referral';
import type { AgencyEntity, AgreementEntity, ServiceEntity } from './directory.entities.ts';

/** An agency's row as its entry is published. */
export const knownAgencyOf = ({ version: _, ...agency }: AgencyEntity): KnownAgency => agency;

/** An agreement's row as its entry is published. */
export const knownAgreementOf = ({ version: _, ...agreement }: AgreementEntity): KnownAgreement => agreement;

/** A service's row as its entry is published. */
export function knownServiceOf(row: ServiceEntity): KnownService {
  const { serviceId, agencyId, type, name, description, status, languages, eligibility, schedules } = row;
  const { capacity, available, maximum, unit, updated } = row;
  return {
    ...{ serviceId, agencyId, type, name, description, status, languages, eligibility, schedules },
    service_areas: row.serviceAreas,
    capacity: { status: capacity, available, maximum, unit, updated },
  };
}
