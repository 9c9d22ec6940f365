// The contract of the CRM port holds for a CRM that is nobody's.
import { crmPortCases } from './crmPort.cases';
import { openInMemoryBench } from './inMemoryBench';

crmPortCases('a CRM that rounds, trims and bumps versions', openInMemoryBench);
