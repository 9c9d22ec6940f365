// Solution sources: the manifest with publisher and root components, and the empty frame that the packer fills.
import { catalogue } from '../model/catalogue';
import { choicePrefix, choices } from '../model/choices';
import { controls } from '../model/controls';
import { roles } from '../model/roles';
import { webResources } from '../model/webResources';
import { both, languages, productName } from '../model/words';
import { el, texts, xsi, type Element } from '../xml/element';
import type { Ids } from './ids';
import { descriptions, localizedNames } from './labels';

/** Version and Managed are the packer's to say: 2 stands for "both" in unpacked sources. */
export const solutionXml = (ids: Ids): Element => el('ImportExportXml', { version: '9.2.0.0', SolutionPackageVersion: '9.2', languagecode: languages.en, generatedBy: 'CrmLive', ...xsi }, [
  el('SolutionManifest', {}, [
    ...texts({ UniqueName: 'CosellReferralSync' }),
    localizedNames(productName),
    descriptions(both('Keeps co-sell opportunities and referrals in Microsoft Partner Center the same.', '使联合销售商机与 Microsoft 合作伙伴中心的引荐保持一致。')),
    ...texts({ Version: '0.0.0.0', Managed: 2 }),
    el('Publisher', {}, [
      ...texts({ UniqueName: 'cosell' }),
      localizedNames(productName),
      descriptions(both('Publisher of Co-sell Referral Sync.', '联合销售引荐同步的发布者。')),
      nil('EMailAddress'), nil('SupportingWebsiteUrl'),
      ...texts({ CustomizationPrefix: 'cosell', CustomizationOptionValuePrefix: choicePrefix }),
      el('Addresses', {}, [1, 2].map(addressXml)),
    ]),
    el('RootComponents', {}, rootComponents(ids)),
    el('MissingDependencies'),
  ]),
]);

const nil = (name: string): Element => el(name, { 'xsi:nil': 'true' });

/** Exports carry two empty addresses of the publisher, whole. */
const addressXml = (number: number): Element => el('Address', {}, [
  ...texts({ AddressNumber: number, AddressTypeCode: 1 }),
  ...['City', 'County', 'Country', 'Fax', 'FreightTermsCode', 'ImportSequenceNumber', 'Latitude', 'Line1', 'Line2', 'Line3', 'Longitude', 'Name', 'PostalCode', 'PostOfficeBox', 'PrimaryContactName'].map(nil),
  ...texts({ ShippingMethodCode: 1 }),
  ...['StateOrProvince', 'Telephone1', 'Telephone2', 'Telephone3', 'TimeZoneRuleVersionNumber', 'UPSZone', 'UTCOffset', 'UTCConversionTimeZoneCode'].map(nil),
]);

/** Type numbers: Microsoft Learn, "SolutionComponent table". 2: the table's shell, for tables that are not ours; what of ours stands below them comes with it. */
const rootComponents = (ids: Ids): Element[] => [
  ...['lead', 'opportunity'].map((schemaName) => el('RootComponent', { type: 1, schemaName, behavior: 2 })),
  el('RootComponent', { type: 1, schemaName: catalogue.name, behavior: 0 }),
  ...choices.map(({ name }) => el('RootComponent', { type: 9, schemaName: name, behavior: 0 })),
  ...roles.map(({ name }) => el('RootComponent', { type: 20, id: ids.braced(`role ${name}`), behavior: 0 })),
  ...webResources.map(({ name }) => el('RootComponent', { type: 61, schemaName: name, behavior: 0 })),
  ...controls.map(({ name }) => el('RootComponent', { type: 66, schemaName: name, behavior: 0 })),
];

/** Sections in the order that the schema of customizations demands; the packer fills those that have sources. */
export const customizationsXml = (): Element => el('ImportExportXml', xsi, [
  ...['Entities', 'Roles', 'Workflows', 'FieldSecurityProfiles', 'Templates', 'EntityMaps', 'EntityRelationships', 'OrganizationSettings', 'optionsets', 'WebResources', 'CustomControls'].map((name) => el(name)),
  el('Languages', {}, Object.values(languages).map((code) => el('Language', {}, code))),
]);
