// What the controls use of the platform's Fluent 8, declared narrowly: the whole of its types doubles the time of a build. A test holds it against the real library.
import type { ComponentType, CSSProperties, ReactNode, RefObject } from 'react';

export interface CalloutProps {
  readonly target: RefObject<Element>;
  readonly directionalHint: number;
  readonly isBeakVisible: boolean;
  readonly calloutWidth?: number;
  readonly calloutMaxHeight?: number;
  readonly gapSpace?: number;
  readonly setInitialFocus?: boolean;
  readonly shouldUpdateWhenHidden?: boolean;
  readonly preventDismissOnEvent?: (event: Event | React.FocusEvent) => boolean;
  readonly onDismiss?: () => void;
  readonly style?: CSSProperties;
  readonly children?: ReactNode;
}

/** A layer above the page, placed beside an element. */
export const Callout: ComponentType<CalloutProps>;
export const DirectionalHint: { readonly bottomLeftEdge: number };
