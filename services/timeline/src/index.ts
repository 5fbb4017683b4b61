export { timelineNode } from './timeline.module.ts';
export { timelineDigest } from './projections/timeline-digest.ts';
