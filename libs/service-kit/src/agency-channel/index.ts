export { nodeAddressProcedure } from './node-address.procedure.ts';
export * from './port.ts';
