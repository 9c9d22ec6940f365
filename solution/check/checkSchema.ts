// Checker: the customizations against Microsoft's published schemas, with the line of the source and not of the package.
//
// The schemas are test data of the workspace and no part of the project. They are of 2017; what came later is taken out before the look.
import { validateXML, type XMLFileInfo } from 'xmllint-wasm';
import type { Line } from '../pack/assembleCustomizations';
import type { Finding } from './finding';

/** Names under which the schemas know each other, to the texts. The form schemas are the variants that libxml2 takes as deterministic. */
export type Schemas = Readonly<Record<string, string>>;

const MAIN = 'CustomizationsSolution_FormManaged.xsd';
/** File in the workspace -> the name by which the others include it. */
export const schemaFiles: Readonly<Record<string, string>> = {
  [MAIN]: MAIN, 'FormXmlManaged.wasm.xsd': 'FormXmlManaged.xsd', 'isv.config.xsd': 'isv.config.xsd', 'SiteMapType.xsd': 'SiteMapType.xsd', 'Fetch.xsd': 'Fetch.xsd',
  'RibbonCore.xsd': 'RibbonCore.xsd', 'RibbonTypes.xsd': 'RibbonTypes.xsd', 'RibbonWSS.xsd': 'RibbonWSS.xsd',
};

/** Elements that the platform writes and takes, and the schemas of 9.0 do not know. Nothing else is forgiven. */
export const laterElements = ['IsSearchable', 'IsFilterable', 'IsRetrievable', 'IsLocalizable', 'IsMSTeamsIntegrationEnabled', 'IsSolutionAware', 'CascadeArchive', 'IsAutoAssigned', 'ExternalTypeName'] as const;
/** Attributes likewise. */
export const laterAttributes = ['headerdensity', 'isinherited'] as const;

/** Findings of the schema, at most one a line. */
export async function checkSchema(customizations: readonly Line[], schemas: Schemas): Promise<Finding[]> {
  const main = schemas[MAIN];
  if (main === undefined) throw new Error(`The schema ${MAIN} is missing.`);
  const preload: XMLFileInfo[] = Object.entries(schemas).filter(([fileName]) => fileName !== MAIN).map(([fileName, contents]) => ({ fileName, contents }));
  const contents = customizations.map((line) => withoutLater(line.text)).join('\n');
  const { valid, errors, rawOutput } = await validateXML({ xml: { fileName: 'customizations.xml', contents }, schema: { fileName: MAIN, contents: main }, preload });
  if (valid) return [];
  if (errors.every((error) => error.loc?.fileName !== 'customizations.xml')) throw new Error(`The schemas cannot be used: ${rawOutput.slice(0, 500)}`);
  return errors.flatMap((error) => {
    const source = customizations[(error.loc?.lineNumber ?? 0) - 1];
    return source ? [{ file: source.file, line: source.line, message: `${readable(error.message)} Dataverse would refuse the import; write the element as its schema wants it.` }] : [];
  });
}

/** A line stays a line, so that numbers hold. */
function withoutLater(text: string): string {
  const withoutElements = laterElements.reduce((left, name) => left.replace(new RegExp(`<${name}>[^<]*</${name}>|<${name} */>`, 'g'), ''), text);
  return laterAttributes.reduce((left, name) => left.replace(new RegExp(` ${name}="[^"]*"`, 'g'), ''), withoutElements);
}

const readable = (message: string): string => message.replace(/^Schemas validity error : /, '').replace(/^parser error : /, '');
