// Run on another Node by the test of the package: packs the sources there and says the sum of the bytes.
import { createHash } from 'node:crypto';
import { readSource } from '../../salesforce/pack/readSource';
import { zipped } from '../../salesforce/pack/packSalesforce';
import { sourceToMetadata } from '../../salesforce/pack/sourceToMetadata';

/** @param project folder of the SFDX project */
export const packedAgain = (project: string): string => createHash('sha256').update(zipped(sourceToMetadata(readSource(project), '66.0'))).digest('hex');
