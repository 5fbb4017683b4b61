/** Injection token of the node's `Clock` (@acogida/core): `@Inject(CLOCK) private readonly clock: Clock`. */
export const CLOCK = Symbol('acogida.clock');
/** Injection token of the node's `Ids` (@acogida/core): random UUIDs, fixed ones in specs. */
export const IDS = Symbol('acogida.ids');
/** Injection token of the `EventStore`. */
export const EVENT_STORE = Symbol('acogida.event-store');
/** Injection token of the `ProcedureHandler`. */
export const PROCEDURE_HANDLER = Symbol('acogida.procedure-handler');
/** Injection token of the node's `pg.Pool`. Its `error` event is handled; never end it. */
export const DATABASE_POOL = Symbol('acogida.database-pool');
/** Injection token of the `EventLog`. */
export const EVENT_LOG = Symbol('acogida.event-log');
/** Injection token of the `NodeContext`: which agency this is, its jurisdiction, the procedure handler. */
export const NODE_CONTEXT = Symbol('acogida.node-context');
/** Injection token of the validated `NodeConfiguration`. */
export const NODE_CONFIGURATION = Symbol('acogida.node-configuration');
/** Injection token of the `NodeDefinition` that the node was made of. */
export const NODE_DEFINITION = Symbol('acogida.node-definition');
/** Injection token of the `NodeRuntime`: the parts of the node that know nothing of Nest. */
export const NODE_RUNTIME = Symbol('acogida.node-runtime');
/** Injection token of the node's `AuditLog`. */
export const AUDIT_LOG = Symbol('acogida.audit-log');
