// A seller's Dynamics 365, as it is before anything is installed: names of columns and choices in both languages, as Microsoft's language packs have them.
import type { Labels } from '../shipped/labels';

type Pair = readonly [string, string];
const both = ([en, zh]: Pair): Labels => ({ 1033: en, 2052: zh });

const COLUMNS: Readonly<Record<string, Readonly<Record<string, Pair>>>> = {
  opportunity: {
    name: ['Topic', '主题'], parentaccountid: ['Account', '客户'], parentcontactid: ['Contact', '联系人'], customerid: ['Potential Customer', '潜在客户'], estimatedvalue: ['Est. revenue', '预计收入'], transactioncurrencyid: ['Currency', '货币'],
    estimatedclosedate: ['Est. close date', '预计成交日期'], description: ['Description', '描述'], statecode: ['Status', '状态'], statuscode: ['Status Reason', '状态描述'], ownerid: ['Owner', '负责人'], closeprobability: ['Probability', '可能性'],
    actualvalue: ['Actual Revenue', '实际收入'], createdon: ['Created On', '创建时间'], modifiedon: ['Modified On', '修改时间'],
  },
  account: {
    name: ['Account Name', '客户名称'], telephone1: ['Main Phone', '主要电话'], emailaddress1: ['Email', '电子邮件'], websiteurl: ['Website', '网站'], primarycontactid: ['Primary Contact', '主要联系人'],
    address1_line1: ['Street 1', '街道 1'], address1_line2: ['Street 2', '街道 2'], address1_city: ['City', '市/县'], address1_stateorprovince: ['State/Province', '省/市/自治区'], address1_postalcode: ['ZIP/Postal Code', '邮政编码'], address1_country: ['Country/Region', '国家/地区'], ownerid: ['Owner', '负责人'],
  },
  contact: {
    firstname: ['First Name', '名'], lastname: ['Last Name', '姓'], fullname: ['Full Name', '全名'], emailaddress1: ['Email', '电子邮件'], telephone1: ['Business Phone', '商务电话'], mobilephone: ['Mobile Phone', '移动电话'], jobtitle: ['Job Title', '职务'],
    parentcustomerid: ['Company Name', '公司名称'], ownerid: ['Owner', '负责人'],
  },
};

const CHOICES: Readonly<Record<string, Readonly<Record<number, Pair>>>> = {
  'opportunity.statecode': { 0: ['Open', '已开启'], 1: ['Won', '已赢单'], 2: ['Lost', '已丢单'] },
  'opportunity.statuscode': { 1: ['In progress', '进行中'], 2: ['On hold', '暂候'], 3: ['Won', '已赢单'], 4: ['Canceled', '已取消'], 5: ['Out-sold', '已售完'] },
};

export const columnWords = (table: string, column: string): Labels | undefined => {
  const pair = COLUMNS[table]?.[column];
  return pair && both(pair);
};

export const choiceWords = (table: string, column: string): ReadonlyMap<number, Labels> | undefined => {
  const pairs = CHOICES[`${table}.${column}`];
  return pairs && new Map(Object.entries(pairs).map(([value, pair]) => [Number(value), both(pair)]));
};
