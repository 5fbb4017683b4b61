export { MissingRequirementError } from './jars.ts';
export * from './local-kafka.ts';
export { findLocalKafkaRequirements } from './requirements.ts';
export { KAFKA_VERSION } from './pom.ts';
