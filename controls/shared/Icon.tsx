// Icons are drawn by the style sheet, from shapes of our own: the font of Fluent's icons comes from a network address, and an icon that does not arrive says nothing.
import { h } from './react';

/** Decoration beside words. */
export const Icon = ({ name }: { readonly name: string }) => <i data-icon={name} />;
