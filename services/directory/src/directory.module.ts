import type { NodeDefinition } from '@acogida/service-kit';
import {
  agencyProcedure,
  agreementProcedure,
  clearanceAuthoritiesProcedure,
  directoryServiceProcedure,
  trustStatementsProcedure,
} from './directory.procedures.ts';
import { AgenciesController } from './http/agencies.controller.ts';
import { AgreementsController } from './http/agreements.controller.ts';
import { CandidatesController } from './http/candidates.controller.ts';
import { ClearanceAuthoritiesController } from './http/clearance-authorities.controller.ts';
import { FocalPointsController, KeysController } from './http/contacts-and-keys.controllers.ts';
import { HsdsController } from './http/hsds.controller.ts';
import { ServicesController } from './http/services.controller.ts';
import { TrustController } from './http/trust.controller.ts';
import { AddDirectoryDetails1795490000000 } from './migrations/add-directory-details.ts';
import { CreateDirectoryTables1795309200000 } from './migrations/create-directory-tables.ts';
import {
  AgencyEntity,
  AgencyKeyEntity,
  AgreementEntity,
  ClearanceAuthorityEntity,
  FocalPointEntity,
  ServiceEntity,
} from './projections/directory.entities.ts';
import { directoryProjection } from './projections/directory.projection.ts';

/** The directory: which agencies take part, what they offer and agreed, where they are reached, and their public keys. */
export const directoryNode: NodeDefinition = {
  kind: 'directory',
  description: 'Directory of the network: agencies, services and their capacity, focal points, public keys.',
  procedures: [
    agencyProcedure,
    directoryServiceProcedure,
    agreementProcedure,
    clearanceAuthoritiesProcedure,
    trustStatementsProcedure,
  ],
  controllers: [
    AgenciesController,
    ServicesController,
    FocalPointsController,
    KeysController,
    AgreementsController,
    ClearanceAuthoritiesController,
    CandidatesController,
    HsdsController,
    TrustController,
  ],
  providers: [],
  entities: [AgencyEntity, FocalPointEntity, AgencyKeyEntity, ServiceEntity, AgreementEntity, ClearanceAuthorityEntity],
  migrations: [CreateDirectoryTables1795309200000, AddDirectoryDetails1795490000000],
  inlineProjections: [directoryProjection],
  contractProjections: [],
  policies: () => [],
};
