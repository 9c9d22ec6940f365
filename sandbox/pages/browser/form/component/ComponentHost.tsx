// A code component on the form: its life from init to destroy, and the traffic between it and the columns it is bound to.
import type { ComponentModel } from '../../../dynamics/pageModels';
import { formType, type FormSession } from '../record/session';
import type { ControlState } from '../record/screen';
import { useDark } from '../../useDark';
import { createContext } from './context';
import { fromOutput, readParameters } from './parameters';
import { loadComponent, type ComponentInstance } from './platform';

interface ComponentHostProps {
  readonly component: ComponentModel;
  readonly state: ControlState;
  readonly session: FormSession;
}

interface Life {
  readonly instance: ComponentInstance;
  signature: string;
}

/** Drawn again only when something of its own has changed, as the platform does it. */
export function ComponentHost({ component, state, session }: ComponentHostProps): JSX.Element {
  const box = React.useRef<HTMLDivElement>(null);
  const life = React.useRef<Life>();
  const [element, setElement] = React.useState<React.ReactElement>();
  const [problem, setProblem] = React.useState<string>();
  const [renders, setRenders] = React.useState(0);
  const [isTracking, trackSize] = React.useState(false);
  const width = useWidth(box, isTracking);
  const isDark = useDark();

  const parameters = readParameters(component, state.model, session);
  const isDisabled = state.isDisabled || session.formType() === formType.readOnly || session.formType() === formType.disabled;
  const signature = JSON.stringify([session.id(), parameters.signature, isDisabled, state.isVisible, state.label, width, isDark, renders]);
  const context = (): object => createContext({ component, state, parameters: parameters.api, updatedProperties: life.current ? ['parameters'] : [], isDark, width, isDisabled, record: recordOf(session), xrm: xrmOfPage(), trackSize, requestRender: () => setRenders((times) => times + 1) });
  const draw = (one: Life): void => {
    one.signature = signature;
    const drawn = one.instance.updateView(context());
    if (component.isVirtual && drawn) setElement(drawn);
  };

  React.useEffect(() => {
    let isGone = false;
    const begin = async (): Promise<void> => {
      const Component = await loadComponent(component.script, component.styles, component.registeredAs);
      if (isGone) return;
      const instance = new Component();
      const born: Life = { instance, signature: '' };
      instance.init(context(), () => queueMicrotask(() => takeOutputs(component, state, session, instance)), {}, component.isVirtual ? undefined : (box.current ?? undefined));
      life.current = born;
      draw(born);
    };
    begin().catch((error: unknown) => (console.error(error), setProblem(error instanceof Error ? error.message : String(error))));
    return () => {
      isGone = true;
      life.current?.instance.destroy();
      life.current = undefined;
    };
  }, [component.name]);

  React.useEffect(() => {
    if (life.current && life.current.signature !== signature) draw(life.current);
  });

  React.useEffect(() => {
    state.focus = () => box.current?.querySelector<HTMLElement>('input:not(:disabled), textarea:not(:disabled), button:not(:disabled), [tabindex="0"], a[href]')?.focus();
  });

  return (
    <div ref={box} className="component" data-component={component.name} aria-busy={element === undefined && problem === undefined}>
      {problem ? <p className="tone-bad" role="alert">{problem}</p> : component.isVirtual ? (element ?? null) : null}
    </div>
  );
}

const recordOf = (session: FormSession): { id: string | undefined; table: string; name: string } => ({ id: session.id(), table: session.page.table.name, name: String(session.attributes.get(session.page.table.primaryName)?.value ?? '') });

const xrmOfPage = (): Readonly<Record<string, Readonly<Record<string, unknown>>>> => (window as unknown as { Xrm: Readonly<Record<string, Readonly<Record<string, unknown>>>> }).Xrm;

/** Bound columns take what the component hands out; it fires OnChange as a seller's own entry does. What a component leaves out stays as it is. */
function takeOutputs(component: ComponentModel, state: ControlState, session: FormSession, instance: ComponentInstance): void {
  for (const [name, output] of Object.entries(instance.getOutputs?.() ?? {})) {
    const property = component.properties.find((each) => each.name === name);
    if (!property || property.usage === 'input') throw new Error(`${component.registeredAs} hands out "${name}", which its manifest does not allow.`);
    const parameter = state.model.component?.parameters[name];
    const attribute = parameter && 'column' in parameter ? session.attributes.get(parameter.column) : undefined;
    if (output === undefined || !attribute || !attribute.security.canUpdate) continue;
    const value = fromOutput(output);
    if (JSON.stringify(value) !== JSON.stringify(attribute.value)) session.enter(attribute.column.name, value);
  }
}

function useWidth(box: React.RefObject<HTMLDivElement>, isTracking: boolean): number {
  const [width, setWidth] = React.useState(-1);
  React.useEffect(() => {
    const element = box.current;
    if (!isTracking || !element) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? -1)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [isTracking]);
  return width;
}
