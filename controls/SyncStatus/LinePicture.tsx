// The line: CRM, Partner Center and Microsoft's answer as one picture. Solid is agreed, dashed is under way or broken off, dotted is not there:
// which of them, the style sheet knows by the status and by Microsoft's answer. Shapes and words carry everything, colours repeat it.
import { h } from '../shared/react';
import type { PanelProps } from './StatusPanel';
import { crm, NONE } from './tools';
import { lower } from './view';

export const LinePicture = ({ view: { line }, words }: PanelProps) => {
  const names = [crm, words('node.partner'), words('node.microsoft')];
  const name = names.map((each, at) => (line[at] === NONE ? each : `${each}: ${lower(line[at]!)}`)).join('; ');
  return (
    <div role="img" aria-label={name}>
      <div><i /><i><i /></i><i /><i><i /></i><i /></div>
      {names.map((each, at) => <div key={at}><b>{each}</b>{line[at]}</div>)}
    </div>
  );
};
