// A button never sends a form that the host may have put around it.
import type { ButtonHTMLAttributes } from 'react';
import { h } from './react';

export const Button = (props: ButtonHTMLAttributes<HTMLButtonElement>) => <button type="button" {...props} />;
