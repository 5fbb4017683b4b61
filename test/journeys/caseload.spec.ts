import { describeCaseloadJourney } from './caseload-journey.ts';

describeCaseloadJourney('embedded');
