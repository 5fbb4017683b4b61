import { describeSampleNetwork } from './sample-network-journey.ts';

describeSampleNetwork('embedded');
