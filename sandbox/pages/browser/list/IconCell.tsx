// Opportunity list: one icon cell: the package's own function gets the row and answers a web resource and a tooltip, or a promise of them.
import { loadScript } from '../form/scripts';
import { languageCode } from '../settings';

interface IconCellProps {
  readonly icon: { readonly library: string; readonly functionName: string };
  readonly data: string;
  /** What stands there when the function gives no icon. */
  readonly text: string;
}

type Answer = readonly [string, string];

export function IconCell({ icon, data, text }: IconCellProps): JSX.Element {
  const [answer, setAnswer] = React.useState<Answer>();
  React.useEffect(() => {
    let isGone = false;
    askIcon(icon, data).then((given) => !isGone && setAnswer(given), (error: unknown) => console.error('The icon function failed.', error));
    return () => void (isGone = true);
  }, [icon.functionName, data]);
  const [name, tooltip] = answer ?? ['', ''];
  if (name === '') return <span className="hidden">{text}</span>;
  return <img src={`/WebResources/${name}`} alt={tooltip || text} title={tooltip || undefined} width={16} height={16} />;
}

async function askIcon({ library, functionName }: IconCellProps['icon'], data: string): Promise<Answer> {
  await loadScript(`/WebResources/${library}`);
  const found = functionName.split('.').reduce<unknown>((at, part) => (at as Readonly<Record<string, unknown>> | undefined)?.[part], window);
  if (typeof found !== 'function') throw new Error(`${functionName} does not exist in ${library}.`);
  return (found as (data: string, language: number) => Answer | Promise<Answer>)(data, languageCode());
}
