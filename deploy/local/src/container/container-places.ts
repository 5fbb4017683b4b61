import { dataDirAt } from '../launcher/data-dir.ts';
import { databaseNameOf } from '../launcher/postgres.ts';

/** Where the containers of docker-compose.yml keep the data directory: what commands take when none is named. */
export const CONTAINER_DATA_DIR = dataDirAt('/acogida/.acogida');
/** The password of PostgreSQL's superuser, in a volume of its own: that server sees no other secret. */
export const DATABASE_SECRET_FILE = '/var/lib/database-secret/password';
/** Port of the issuer and of every node within their containers. */
export const CONTAINER_PORT = 8080;
/** Brokers as the nodes see them. */
export const CONTAINER_BROKERS: readonly string[] = ['kafka:9092'];
/** `iss` of the tokens unless ACOGIDA_ISSUER_URL names another: the issuer's address outside of the containers. */
export const DEFAULT_ISSUER_URL = 'http://127.0.0.1:7100';

/** A database of the PostgreSQL container. The password is not part of it: clients take it from PGPASSWORD. */
export function containerDatabaseUrl(database: string): string {
  return `postgres://acogida@postgres:5432/${database}`;
}

/** The database of an agency's node. */
export function containerDatabaseOf(agencyId: string): string {
  return containerDatabaseUrl(databaseNameOf(agencyId));
}

/** Base address of an agency's node, or of the issuer, as other containers see it: services are named after the agency. */
export function containerAddressOf(service: string): string {
  return `http://${service}:${CONTAINER_PORT}`;
}
