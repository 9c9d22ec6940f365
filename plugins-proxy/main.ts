// Start: where the service begins; see service.ts for its parts and docs/journey.md for the trip.
import { runService } from './runService';

await runService();
