export { timelineNode } from './timeline.module.ts';
export { timelineDigest } from './projections/timeline-digest.ts';
export { timelineProjection } from './projections/timeline.projection.ts';
