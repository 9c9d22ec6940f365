// A code component's surroundings: the globals that the platform gives to bundles, and the theme it tells them.
import { webDarkTheme, webLightTheme } from '@fluentui/tokens';
import { readSettings } from '../../settings';
import { loadScript } from '../scripts';

/** A code component as its bundle registers it. */
export interface ComponentInstance {
  init(context: object, notifyOutputChanged: () => void, state: object, container?: HTMLElement): void;
  updateView(context: object): React.ReactElement | void;
  getOutputs?(): Readonly<Record<string, unknown>>;
  destroy(): void;
}

type ComponentClass = new () => ComponentInstance;

const registered = new Map<string, ComponentClass>();
let isPrepared = false;

/**
 * Gives bundles what they ask of the page: React and Fluent under the names that the build tool writes for their versions (`Reactv16`,
 * `FluentUIReactv8290`; dataverse.md section 5), and the place where they register.
 */
function preparePlatform(): void {
  if (isPrepared) return;
  isPrepared = true;
  const page = window as unknown as Record<string, unknown>;
  const versionOf = (name: string): string => readSettings().platform?.find((each) => each.name === name)?.version ?? '';
  page[`Reactv${versionOf('React').split('.')[0]}`] = React;
  page[`FluentUIReactv${versionOf('Fluent').replaceAll('.', '')}`] = page.FluentUIReact;
  page.ComponentFramework = { registerControl: (name: string, component: ComponentClass) => void registered.set(name, component) };
}

/** @throws Error when the bundle does not register what its manifest promises */
export async function loadComponent(script: string, styles: readonly string[], registeredAs: string): Promise<ComponentClass> {
  preparePlatform();
  for (const style of styles) addStyle(style);
  await loadScript(script);
  const found = registered.get(registeredAs);
  if (!found) throw new Error(`${script} did not register ${registeredAs}.`);
  return found;
}

function addStyle(href: string): void {
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  document.head.append(link);
}

/** The brand of Microsoft's web themes, from dark to light. */
const BRAND = { 10: '#061724', 20: '#082338', 30: '#0a2e4a', 40: '#0c3b5e', 50: '#0e4775', 60: '#0f548c', 70: '#115ea3', 80: '#0f6cbd', 90: '#2886de', 100: '#479ef5', 110: '#62abf5', 120: '#77b7f7', 130: '#96c6fa', 140: '#b4d6fa', 150: '#cfe4fa', 160: '#ebf3fc' } as const;

/**
 * `context.fluentDesignLanguage` with the modern look on: Fluent 9's tokens, also for components of Fluent 8. The platform's Segoe UI is not on
 * every computer, and Chinese signs are not in it: the fonts of these pages take its place.
 */
export function designLanguage(isDark: boolean): object {
  const fontFamilyBase = getComputedStyle(document.body).fontFamily;
  const theme = { ...(isDark ? webDarkTheme : webLightTheme), fontFamilyBase };
  return { tokenTheme: theme, theme, brand: BRAND, isDarkTheme: isDark };
}
