export { timelineNode } from './node.ts';
export { timelineDigest } from './projections/timeline-digest.ts';
