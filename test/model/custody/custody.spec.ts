import { describeExploration } from '../exploration/explored-in-spec.ts';
import { exploredCustody } from './explored.ts';

describeExploration(exploredCustody(false));
