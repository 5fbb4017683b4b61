import { describeExploration } from '../exploration/explored-in-spec.ts';
import { exploredSafeguards } from './explored.ts';

describeExploration(exploredSafeguards(false));
