export * from './development-sealer.ts';
export { LARGEST_CLASS_BYTES, SMALLEST_CLASS_BYTES } from './padding.ts';
export * from './port.ts';
