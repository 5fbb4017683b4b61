import { describeSampleNetwork } from './sample-network-journey.ts';

describeSampleNetwork('kafka');
