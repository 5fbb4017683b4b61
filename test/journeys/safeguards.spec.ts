import { describeSafeguards } from './safeguards-journey.ts';

describeSafeguards('embedded');
