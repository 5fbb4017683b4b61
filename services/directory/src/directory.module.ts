import type { NodeDefinition } from '@acogida/service-kit';
import { agencyProcedure, directoryServiceProcedure } from './directory.procedures.ts';
import { AgenciesController } from './http/agencies.controller.ts';
import { FocalPointsController, KeysController } from './http/contacts-and-keys.controllers.ts';
import { ServicesController } from './http/services.controller.ts';
import { CreateDirectoryTables1795309200000 } from './migrations/create-directory-tables.ts';
import { AgencyEntity, AgencyKeyEntity, FocalPointEntity, ServiceEntity } from './projections/directory.entities.ts';
import { directoryProjection } from './projections/directory.projection.ts';

/** The directory: which agencies take part, what they offer, where they are reached, and their public keys. */
export const directoryNode: NodeDefinition = {
  kind: 'directory',
  description: 'Directory of the network: agencies, services and their capacity, focal points, public keys.',
  procedures: [agencyProcedure, directoryServiceProcedure],
  controllers: [AgenciesController, ServicesController, FocalPointsController, KeysController],
  providers: [],
  entities: [AgencyEntity, FocalPointEntity, AgencyKeyEntity, ServiceEntity],
  migrations: [CreateDirectoryTables1795309200000],
  inlineProjections: [directoryProjection],
  contractProjections: [],
  policies: () => [],
};
