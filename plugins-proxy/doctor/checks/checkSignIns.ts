// Doctor: sign-ins, one for each audience.
import { partnerCenterAudiences } from '../../adapters/signIn/createSignIn';
import type { Check } from '../check';
import type { DoctorDeps } from '../doctorDeps';
import { ok } from '../finding';

export function checkSignIns({ settings, partner, dataverse, salesforce }: DoctorDeps): readonly Check[] {
  const url = settings.dataverse?.url;
  return [
    ...(dataverse && url ? [signInTo(dataverse.port, () => dataverse.signIn.token(new URL(url).origin), '')] : []),
    ...(salesforce ? [signInTo(salesforce.port, () => salesforce.signIn.session(), '')] : []),
    ...Object.entries(partnerCenterAudiences).map(([name, audience]) => signInTo(partner.port, () => partner.signIn.token(audience), name)),
  ];
}

function signInTo({ connection, displayName }: { readonly connection: string; readonly displayName: string }, signIn: () => Promise<unknown>, part: string): Check {
  const name = `sign-in.${connection}${part && `.${part}`}`;
  return {
    name, connection,
    async run() {
      await signIn();
      return ok(name, `Signed in to ${displayName}${part && ` (${part})`}.`);
    },
  };
}
