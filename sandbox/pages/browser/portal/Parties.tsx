// Portal, one deal: where each side stands.
import type { DealView, Party } from '../../portal/dealView';
import { say, type WordKey } from '../words';
import { Fact } from './DealFacts';
import { useFresh } from './useFresh';

export function Parties({ deal, organization }: { readonly deal: DealView; readonly organization: string }): JSX.Element {
  const isFresh = useFresh(deal.fresh);
  const [company = ''] = organization.split(/[,·]/);
  return (
    <section className="card" aria-labelledby="parties">
      <h2 id="parties">{say('portal.parties')}</h2>
      <dl className="facts">
        <div className="fact">
          <dt>{say('portal.you', { name: company.trim() })}</dt>
          <dd>{partyWords(deal.own)}{isFresh('status') ? <span className="pill fresh">{say('portal.fresh')}</span> : null}</dd>
        </div>
        <Fact word="node.microsoft" isFresh={isFresh('microsoft')}>{deal.microsoft ? partyWords(deal.microsoft) : say('portal.notAsked')}</Fact>
        {deal.microsoftCrmId ? <Fact word="portal.msCrm">{deal.microsoftCrmId}</Fact> : null}
        {deal.crm ? <Fact word="portal.crm">{say('portal.crmRecord', { system: deal.crm.replaceAll(' ', '\u00a0') })}</Fact> : null}
        <Fact word="portal.engagement">{`${deal.engagementId.slice(0, 4)}…${deal.engagementId.slice(-4)}`}</Fact>
      </dl>
    </section>
  );
}

const partyWords = ({ status, substatus }: Party): string => `${say(`status.${status}` as WordKey)} · ${say(`substatus.${substatus}` as WordKey)}`;
