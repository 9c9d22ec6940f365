// Converts an SFDX project with Salesforce's own library, in a process of its own: [tools folder, project folder, output folder, API version].
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [tools, project, outputDirectory, version] = process.argv.slice(2);
const { ComponentSet, MetadataConverter } = createRequire(join(tools, 'package.json'))('@salesforce/source-deploy-retrieve');
const components = ComponentSet.fromSource(join(project, 'force-app'));
// Unset, it would ask the network for the newest version.
components.sourceApiVersion = version;
components.apiVersion = version;
await new MetadataConverter().convert(components, 'metadata', { type: 'directory', outputDirectory, genUniqueDir: false });
