import { describeCaseloadJourney } from './caseload-journey.ts';

describeCaseloadJourney('kafka');
