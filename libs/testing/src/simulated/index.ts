export * from './choice-tape.ts';
export * from './crash-points.ts';
export * from './shared-verifier.ts';
export * from './simulated-clock.ts';
export * from './simulated-ids.ts';
export * from './simulated-network.ts';
export * from './simulated-randomness.ts';
