// What people do in the portal, and Microsoft on its side: the moves that reach the product only as events (partner-center.md 2.3, 5.6).
import { randomUUID } from 'node:crypto';
import { DEFAULT_SOLUTIONS } from './catalogue';
import { createReferral, expiryFrom, type CreateContext } from './createReferral';
import { applyChanges } from './patchReferral';
import { invalid, Refusal } from './refusal';
import { MICROSOFT, type Member, type Referral, type Status, type Substatus } from './referral';
import { checkStatusMove, refuseWhenClosed } from './statusMachine';
import { tidyDeep } from './tidy';

export interface DealInput {
  /** Sent by Microsoft (Incoming, New/Pending, 14 days) instead of our own (Outgoing, Active/Accepted). */
  readonly fromMicrosoft?: boolean;
  readonly name?: string;
  readonly dealValue?: number | string;
  readonly currency?: string;
  /** UTC, or a date alone, which means its first instant. */
  readonly closingDate?: string;
  readonly notes?: string;
  readonly customerName?: string;
  readonly address?: Partial<Referral['customerProfile']['address']>;
  readonly contact?: Partial<Member>;
  readonly team?: readonly Partial<Member>[];
  /** Solution ids; the catalogue's first when left out. */
  readonly solutions?: readonly string[];
  readonly type?: Referral['type'];
  readonly qualification?: Referral['qualification'];
  readonly externalReferenceId?: string;
  /** May Microsoft's sellers see it; yes when help is asked. */
  readonly visible?: boolean;
  /** One of the six codes: invites Microsoft at once. */
  readonly help?: string;
  readonly notesToMicrosoft?: string;
}

export interface DealEdit {
  readonly name?: string;
  readonly dealValue?: number | string;
  readonly currency?: string;
  readonly closingDate?: string;
  readonly notes?: string;
  readonly contact?: Partial<Member>;
  readonly team?: readonly Partial<Member>[];
  readonly solutions?: readonly string[];
  readonly salesStage?: string;
  readonly visible?: true;
}

export interface Portal {
  /** "New deal", or a deal that Microsoft sends. */
  createDeal(input?: DealInput): Referral;
  edit(id: string, edit: DealEdit): Referral;
  accept(id: string): Referral;
  decline(id: string, reason?: string): Referral;
  win(id: string): Referral;
  lose(id: string, reason?: string): Referral;
  /** The referral as a wrong record: Closed/Error (2.3). */
  markAsError(id: string, reason?: string): Referral;
  /** Nobody answered within 14 days: an own incoming referral, or Microsoft's. */
  expire(id: string): Referral;
  /** On Microsoft's referral in the engagement that `id` (either referral) belongs to. */
  microsoftAccepts(id: string): Referral;
  microsoftDeclines(id: string, reason?: string): Referral;
  microsoftWins(id: string): Referral;
  /** Fast: referrals in memory, long visible in lists, without events. */
  seedReferrals(count: number): readonly string[];
}

const CONTACT: Member = { firstName: 'Avery', lastName: 'Howard', phoneNumber: '+1 425 555 0100', email: 'avery@contoso.example', title: null, contactPreference: { locale: null, disableNotifications: null } };
const SELLER: Member = { ...CONTACT, firstName: 'Casey', lastName: 'Jensen', phoneNumber: '+1 425 555 0101', email: 'casey@fabrikam.example' };

export function createPortal(context: CreateContext): Portal {
  const { book } = context;
  const find = (id: string): Referral => {
    const referral = book.get(id);
    if (!referral) throw new Refusal(404, 'itemNotFound', `There is no referral ${id}.`);
    return referral;
  };
  const microsofts = (id: string): Referral => {
    const found = book.engagement(find(id).engagementId).find((one) => one.organizationId === MICROSOFT);
    if (!found) throw new Refusal(404, 'itemNotFound', 'Microsoft is not part of this engagement.');
    return found;
  };
  const move = (referral: Referral, status: Status, substatus: Substatus, reason?: string): Referral => {
    refuseWhenClosed(referral);
    checkStatusMove(referral.status, status, substatus);
    return book.replace({
      ...referral,
      status,
      substatus,
      statusReason: reason === undefined ? referral.statusReason : (tidyDeep(reason) as string),
      acceptedDateTime: status === 'Active' ? book.stamp() : referral.acceptedDateTime,
      closedDateTime: status === 'Closed' ? book.stamp() : null,
    });
  };
  return {
    createDeal: (input = {}) => (input.fromMicrosoft ? dealFromMicrosoft(input, context) : ownDeal(input, context)),
    edit: (id, edit) => book.replace(edited(find(id), edit, context)),
    accept: (id) => move(find(id), 'Active', 'Accepted'),
    decline: (id, reason) => move(find(id), 'Closed', 'Declined', reason),
    win: (id) => move(find(id), 'Closed', 'Won'),
    lose: (id, reason = 'Customer chose another vendor') => move(find(id), 'Closed', 'Lost', reason),
    markAsError: (id, reason = 'Test referral') => move(find(id), 'Closed', 'Error', reason),
    expire: (id) => move(find(id), 'Closed', 'Expired'),
    microsoftAccepts(id) {
      // Which of the two carries the MSX id is not documented ("after Microsoft accepts", 5.3): both do, so both change.
      const trackingInfo = { ...find(id).trackingInfo, microsoftMsxId: `7-${randomUUID().slice(0, 8).toUpperCase()}` };
      const accepted = move({ ...microsofts(id), trackingInfo }, 'Active', 'Accepted');
      for (const own of book.engagement(accepted.engagementId)) if (own.organizationId !== MICROSOFT && own.status !== 'Closed') book.replace({ ...own, trackingInfo });
      return accepted;
    },
    microsoftDeclines: (id, reason) => move(microsofts(id), 'Closed', 'Declined', reason),
    microsoftWins: (id) => move(microsofts(id), 'Closed', 'Won'),
    seedReferrals: (count) => seedReferrals(count, context),
  };
}

/** Through the API's own checks: the portal knows the same rules. */
function ownDeal(input: DealInput, context: CreateContext): Referral {
  const own = createReferral(dealToBody(input), context);
  if (input.help !== undefined) {
    createReferral({ ...dealToBody(input), engagementId: own.engagementId, externalReferenceId: undefined, target: [{ type: 'BusinessProfileLocation', id: MICROSOFT }], inviteContext: { assistanceRequestCode: input.help, notes: input.notesToMicrosoft ?? null } }, context);
  }
  return own;
}

/** Microsoft's own referral and ours, which waits for our answer, in one engagement. */
function dealFromMicrosoft(input: DealInput, context: CreateContext): Referral {
  const { book } = context;
  const quiet: CreateContext = { ...context, book: { ...book, add: (referral) => referral } };
  const drawn = createReferral(dealToBody({ ...input, visible: true, type: input.type ?? 'Shared' }), quiet);
  const own = { ...drawn, inviteContext: { ...drawn.inviteContext, assistanceRequestCode: input.help ?? 'Unknown', notes: input.notesToMicrosoft ?? null, invitedBy: { organizationId: MICROSOFT, organizationName: 'Microsoft' } }, direction: 'Incoming' as const };
  book.add({ ...own, id: randomUUID(), organizationId: MICROSOFT, organizationName: 'Microsoft', externalReferenceId: null });
  return book.add({ ...own, status: 'New', substatus: 'Pending', acceptedDateTime: null, expirationDateTime: expiryFrom(context.now()) });
}

function dealToBody(input: DealInput): Record<string, unknown> {
  const solutions = input.solutions ?? [DEFAULT_SOLUTIONS[0]?.id ?? ''];
  const contact = { ...CONTACT, ...input.contact };
  const visible = input.visible ?? (input.help !== undefined || input.type === 'Shared');
  return {
    name: input.name ?? 'Contoso deal',
    type: input.type ?? (input.help === undefined ? 'Independent' : 'Shared'),
    qualification: input.qualification ?? 'SalesQualified',
    externalReferenceId: input.externalReferenceId,
    customerProfile: { name: input.customerName ?? 'Contoso', size: '10to50employees', address: { addressLine1: '1 Microsoft Way', city: 'Redmond', state: 'WA', postalCode: '98052', country: 'US', ...input.address }, team: [contact], ids: [] },
    consent: { consentToToShareInfoWithOthers: true, consentToContact: true, consentToShareReferralWithMicrosoftSellers: visible },
    details: {
      notes: input.notes ?? '',
      dealValue: input.dealValue ?? 50_000,
      currency: input.currency ?? 'USD',
      closingDateTime: toInstant(input.closingDate ?? '2027-06-30'),
      requirements: { solutions: solutions.map(solutionToBody), additionalRequirements: { attributes: [{ type: 'CustomerMarketplaceIntent', id: 'HaveNotDecided' }] } },
    },
    team: (input.team ?? [SELLER]).map((member) => ({ ...SELLER, ...member })),
    target: visible ? solutions.map((id) => ({ type: 'SolutionProfile', id })) : [],
  };
}

const toInstant = (date: string): string => (date.length === 10 ? `${date}T00:00:00Z` : date);

const solutionToBody = (id: string): { id: string; type: string } => ({ id, type: DEFAULT_SOLUTIONS.find((one) => one.id === id)?.type ?? 'Name' });

/** The portal changes what the API changes; the name too, though no event says that it was the name. */
function edited(referral: Referral, edit: DealEdit, context: CreateContext): Referral {
  refuseWhenClosed(referral);
  const asked = context.book.engagement(referral.engagementId).some((one) => one.organizationId === MICROSOFT);
  if (edit.contact && asked) throw invalid('customerProfile/team', 'The contact is fixed once Microsoft was asked for help.', 'readOnly');
  const changes: [string, unknown][] = [
    ['/details/currency', edit.currency],
    ['/details/dealValue', edit.dealValue],
    ['/details/closingDateTime', edit.closingDate === undefined ? undefined : toInstant(edit.closingDate)],
    ['/details/notes', edit.notes],
    ['/salesStage', edit.salesStage],
    ['/team', edit.team?.map((member) => ({ ...SELLER, ...member }))],
    ['/customerProfile/team', edit.contact === undefined ? undefined : [{ ...(referral.customerProfile.team[0] ?? CONTACT), ...edit.contact }]],
    ['/details/requirements/solutions', edit.solutions?.map(solutionToBody)],
    ['/consent/consentToShareReferralWithMicrosoftSellers', edit.visible],
  ];
  const operations = changes.filter(([, value]) => value !== undefined).map(([path, value]) => ({ op: 'replace' as const, path, value }));
  const next = applyChanges(referral, operations, context);
  return edit.name === undefined ? next : { ...next, name: context.nasty ? (tidyDeep(edit.name) as string) : edit.name };
}

/** Every tenth is incoming and unanswered, every seventh is closed. */
function seedReferrals(count: number, context: CreateContext): readonly string[] {
  const { book, now } = context;
  const template = createReferral(dealToBody({}), { ...context, book: { ...book, add: (referral) => referral } });
  const first = now() - 400 * 86_400_000;
  const step = Math.floor((300 * 86_400_000) / Math.max(count, 1));
  const offset = book.all().length;
  const seeded = Array.from({ length: count }, (_, index): Referral => {
    const createdDateTime = new Date(first + index * step).toISOString().replace('Z', '0000Z');
    const closed = index % 7 === 3;
    const number = String(offset + index + 1).padStart(6, '0');
    return {
      ...template,
      id: randomUUID(),
      engagementId: randomUUID(),
      name: `Seeded deal ${number}`,
      externalReferenceId: index % 2 === 0 ? randomUUID() : null,
      createdDateTime,
      updatedDateTime: createdDateTime,
      acceptedDateTime: createdDateTime,
      closedDateTime: closed ? createdDateTime : null,
      status: closed ? 'Closed' : 'Active',
      substatus: closed ? 'Won' : 'Accepted',
      direction: index % 10 === 9 ? 'Incoming' : 'Outgoing',
      eTag: `"${number.padStart(8, '0')}-0000-1000-0000-000000000000"`,
      customerProfile: { ...template.customerProfile, isMatchingComplete: true },
    };
  });
  book.seed(seeded);
  return seeded.map((referral) => referral.id);
}
