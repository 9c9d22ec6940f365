// Portal, one deal: what both companies see. A value that changed a moment ago says so.
import type { DealView } from '../../portal/dealView';
import { day, hasWord, money, say, sayAny, type WordKey } from '../words';
import { useFresh } from './useFresh';

export function DealFacts({ deal }: { readonly deal: DealView }): JSX.Element {
  const isFresh = useFresh(deal.fresh);
  const several = deal.solutions.length !== 1;
  return (
    <section className="card" aria-labelledby="deal-facts">
      <h2 id="deal-facts">{say('portal.deal')}</h2>
      <dl className="facts">
        <Fact word="portal.form.customer">{deal.customer}</Fact>
        <Fact word="portal.address">{deal.address}</Fact>
        <Fact word="portal.contact" isFresh={isFresh('customer.contact')}>{deal.contact || '–'}</Fact>
        <Fact word="portal.form.value" isFresh={isFresh('dealValue') || isFresh('currency')}>{`${money(deal.value, deal.currency, 2)} ${deal.currency}`}</Fact>
        <Fact word="portal.form.closing" isFresh={isFresh('closingDate')}>{day(deal.closing, 'long')}</Fact>
        <Fact word={several ? 'portal.solutions' : 'portal.form.solution'} isFresh={isFresh('solutions')}>
          {deal.solutions.length === 0 ? '–' : deal.solutions.map(({ id, name }) => <span key={id} className="line">{`${name} · ${id}`}</span>)}
        </Fact>
        <Fact word="portal.form.help">{deal.help ? helpName(deal.help) : say('portal.noHelp')}</Fact>
        {deal.notesToMicrosoft ? <Fact word={deal.fromMicrosoft ? 'portal.notesFrom' : 'portal.notesTo'}>{deal.notesToMicrosoft}</Fact> : null}
        <Fact word="portal.notes" isFresh={isFresh('notes')}>{deal.notes || '–'}</Fact>
      </dl>
    </section>
  );
}

export const helpName = (code: string): string => (hasWord(`help.${code}`) ? sayAny(`help.${code}`) : code);

export function Fact({ word, isFresh, children }: { readonly word: WordKey; readonly isFresh?: boolean; readonly children: React.ReactNode }): JSX.Element {
  return (
    <div className="fact">
      <dt>{say(word)}</dt>
      <dd>
        {children}
        {isFresh ? <span className="pill fresh">{say('portal.fresh')}</span> : null}
      </dd>
    </div>
  );
}
