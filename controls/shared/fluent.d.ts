// What the controls use of the platform's Fluent 8, declared narrowly: the whole of its types doubles the time of a build. A test holds it against the real library.
import type { ComponentType } from 'react';
export const Label: ComponentType<object>;
