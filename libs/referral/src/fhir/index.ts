export { FHIR_JSON, fhirBundleOf } from './fhir-bundle.ts';
export type { Bundle, ServiceRequest, Task } from './fhir-resources.ts';
