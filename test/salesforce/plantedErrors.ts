// Errors as they happen: a slip of the pen, a field renamed in one place, a right given too freely. No two stand in one line.
import type { Planted } from './plant';

export const plantedErrors: readonly Planted[] = [
  {
    mistake: 'a type that the platform does not have',
    file: 'objects/Opportunity/fields/Referral_Link__c.field-meta.xml', from: '<type>Url</type>', to: '<type>Urll</type>',
    says: [{ words: '<type> cannot be "Urll"' }, { words: 'is of type Url, not Urll' }],
  },
  {
    mistake: 'an element that is not closed',
    file: 'tabs/Cosell_Solution__c.tab-meta.xml', from: '<motif>Custom13: Box</motif>', to: '<motif>Custom13: Box<motif>',
    says: [{ words: 'This is no XML', at: '</CustomTab>' }, { words: 'There is no tab Cosell_Solution__c in the package', file: 'permissionsets/Cosell_Administrator.permissionset-meta.xml', at: '<tab>Cosell_Solution__c' }],
  },
  {
    mistake: 'an element that the type does not have',
    file: 'customPermissions/Cosell_Integration.customPermission-meta.xml', from: '<isLicensed>false</isLicensed>', to: '<isLicenced>false</isLicenced>',
    says: [{ words: 'has no element <isLicenced>' }, { words: 'needs an element <isLicensed>', at: '<CustomPermission' }],
  },
  {
    mistake: 'a field that a query misspells',
    file: 'classes/CosellSharedDeals.cls', from: 'recordIds) AND Sync_with_Partner_Center__c', to: 'recordIds) AND Sync_with_Partner_Centre__c',
    says: [{ words: 'There is no field Opportunity.Sync_with_Partner_Centre__c' }],
  },
  {
    mistake: 'a status that core does not know',
    file: 'objects/Opportunity/fields/Sync_Status__c.field-meta.xml', from: '<fullName>Needs attention</fullName>', to: '<fullName>Attention</fullName>',
    says: [{ words: 'Core knows no value "Attention"' }, { words: 'The value "Needs attention" of Sync_Status__c is missing', at: '<valueSet>' }],
  },
  {
    mistake: 'a permission for a field that is not there',
    file: 'permissionsets/Cosell_Administrator.permissionset-meta.xml', from: '<field>Opportunity.Referral_Link__c</field>', to: '<field>Opportunity.Referral_Url__c</field>',
    says: [{ words: 'There is no field Opportunity.Referral_Url__c' }, { words: 'does not grant Opportunity.Referral_Link__c', at: '<PermissionSet' }],
  },
  {
    mistake: 'a seller who may set the status',
    file: 'permissionsets/Cosell_Seller.permissionset-meta.xml',
    from: '<editable>false</editable>\n        <field>Opportunity.Sync_Status__c</field>', to: '<editable>true</editable>\n        <field>Opportunity.Sync_Status__c</field>',
    says: [{ words: 'Opportunity.Sync_Status__c is written by the service alone' }],
  },
  {
    mistake: 'a missing translation',
    file: 'objectTranslations/Opportunity-zh_CN/Products__c.fieldTranslation-meta.xml', from: '', to: null,
    says: [{ words: 'Opportunity.Products__c has no translation', file: 'objects/Opportunity/fields/Products__c.field-meta.xml', at: '<label>' }],
  },
  {
    mistake: 'a translation of another wording',
    file: 'objectTranslations/Lead-zh_CN/Sync_Status__c.fieldTranslation-meta.xml', from: '<translation>同步失败</translation>', to: '<translation>失败</translation>',
    says: [{ words: '"Failed" is "同步失败", not "失败"' }],
  },
  {
    mistake: 'a mapping that the shared fields do not follow, to a field that Salesforce does not have',
    file: 'mapping', from: '"value": "CloseDate"', to: '"value": "ClosingDate"',
    says: [
      { words: 'there is no field Opportunity.ClosingDate' },
      { words: 'Opportunity.ClosingDate has no record among the shared fields' },
      { words: 'The mapping has no such field', file: 'customMetadata/Cosell_Shared_Field.Opportunity_CloseDate.md-meta.xml', at: '<?xml' },
    ],
  },
  {
    mistake: 'a shared field that was edited by hand',
    file: 'customMetadata/Cosell_Shared_Field.Account_Name.md-meta.xml', from: '>Name</value>', to: '>Nmae</value>',
    says: [{ words: 'The record does not say what the mapping says' }, { words: 'There is no field Account.Nmae' }],
  },
  {
    mistake: 'an event of a trigger that no test fires',
    file: 'triggers/CosellAccount.trigger', from: '(after update)', to: '(after update, after delete)',
    says: [{ words: 'No test does delete with Account' }],
  },
  {
    mistake: 'a picklist value that code misspells',
    file: 'classes/CosellDealTrigger.cls', from: "deal.Sync_Status__c = 'Pending'", to: "deal.Sync_Status__c = 'Pendng'",
    says: [{ words: "Opportunity.Sync_Status__c has no value 'Pendng'" }],
  },
  {
    mistake: 'a permission of another name in code',
    file: 'classes/CosellIntegration.cls', from: "checkPermission('Cosell_Integration')", to: "checkPermission('Cosell_Service')",
    says: [{ words: 'There is no custom permission Cosell_Service' }],
  },
  {
    mistake: 'a secret in the package',
    file: 'externalCredentials/Cosell_Sync.externalCredential-meta.xml', from: "{!'Bearer ' &amp; $Credential.Cosell_Sync.DoorbellKey}", to: 'Bearer 7d0c1f',
    says: [{ words: 'This would put a secret into the package' }],
  },
  {
    mistake: 'the address of somebody\'s own service in the package',
    file: 'namedCredentials/Cosell_Sync.namedCredential-meta.xml', from: 'https://cosell.example.com', to: 'https://sync.contoso.example',
    says: [{ words: 'The package carries https://cosell.example.com' }],
  },
  {
    mistake: 'a formula in a header that the named credential does not work out',
    file: 'namedCredentials/Cosell_Sync.namedCredential-meta.xml', from: '<allowMergeFieldsInHeader>true<', to: '<allowMergeFieldsInHeader>false<',
    says: [{ words: '<allowMergeFieldsInHeader> must be true' }],
  },
  {
    mistake: 'a second Authorization header',
    file: 'namedCredentials/Cosell_Sync.namedCredential-meta.xml', from: '<generateAuthorizationHeader>false<', to: '<generateAuthorizationHeader>true<',
    says: [{ words: '<generateAuthorizationHeader> must be false' }],
  },
  {
    mistake: 'a text that is shorter than the contract says',
    file: 'objects/Opportunity/fields/Notes_to_Microsoft__c.field-meta.xml', from: '<length>2000</length>', to: '<length>200</length>',
    says: [{ words: 'Notes_to_Microsoft__c holds 2000 characters, not 200' }, { words: 'A long text has 256 to 131,072 characters' }],
  },
  {
    mistake: 'a page layout with a field that was renamed',
    file: 'layouts/Cosell_Solution__c-Co-sell Solution Layout.layout-meta.xml', from: '<field>Solution_Type__c</field>', to: '<field>Solution_Kind__c</field>',
    says: [{ words: 'There is no field Cosell_Solution__c.Solution_Kind__c' }],
  },
  {
    mistake: 'a code of another API version',
    file: 'classes/CosellSharedFields.cls-meta.xml', from: '66.0', to: '58.0',
    says: [{ words: 'The API version is 66.0' }],
  },
  {
    mistake: 'a test that cannot fail',
    file: 'classes/CosellBellTest.cls', from: 'retry.execute(null);\n        Assert.areEqual(0, CosellBell.WAITS_IN_TEST.size());', to: 'retry.execute(null);',
    says: [{ words: 'This test asserts nothing', at: '@IsTest\n    static void givesUp' }],
  },
  {
    mistake: 'a field that a test fills in and nobody has',
    file: 'classes/CosellTriggersTest.cls', from: "NextStep = 'Call'", to: "NextStp = 'Call'",
    says: [{ words: 'There is no field Opportunity.NextStp' }],
  },
];

/** Errors that only a compiler sees. */
export const plantedTypeErrors: readonly Planted[] = [
  {
    mistake: 'a number that is given a text',
    file: 'classes/CosellBell.cls', from: 'Integer TIMEOUT_MS = 10000;', to: "Integer TIMEOUT_MS = '10000';",
    says: [{ words: "from 'System.String' to 'System.Integer'" }],
  },
  {
    mistake: 'a method that the platform does not have',
    file: 'classes/CosellIntegration.cls', from: 'FeatureManagement.checkPermission(', to: 'FeatureManagement.checkPermissions(',
    says: [{ words: 'checkPermissions' }],
  },
  {
    mistake: 'a checkbox that is taken for a number',
    file: 'classes/CosellSharedDeals.cls', from: 'ids.add(deal.Id);', to: 'Integer isShared = deal.Sync_with_Partner_Center__c;',
    says: [{ words: "from 'System.Boolean' to 'System.Integer'" }],
  },
  {
    mistake: 'a trigger that calls a class that was renamed',
    file: 'triggers/CosellLead.trigger', from: 'CosellDealTrigger.run()', to: 'CosellDealsTrigger.run()',
    says: [{ words: 'CosellDealsTrigger' }],
  },
];
