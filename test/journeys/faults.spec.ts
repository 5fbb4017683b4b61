import { describeFaultsJourney } from './faults-journey.ts';

describeFaultsJourney('embedded');
