// Opportunity form: lines under the header: what scripts say, what a save was refused for, why a form is locked.
import { Icon, type IconName } from '../../look/Icon';
import { say } from '../../words';
import type { OpenForm } from '../openForm';
import { formType } from '../record/session';
import { formatValue } from './format';

type Level = 'ERROR' | 'WARNING' | 'INFO';
const ICONS: Readonly<Record<Level, IconName>> = { ERROR: 'failed', WARNING: 'warning', INFO: 'bulb' };

export function Notices({ form }: { readonly form: OpenForm }): JSX.Element {
  const { session, screen } = form;
  const script = form.scriptProblem();
  const status = session.attributes.get('statuscode');
  return (
    <div className="notices">
      {session.formType() === formType.readOnly ? <Line level="INFO" icon="lock">{say('dyn.readOnly')}</Line> : null}
      {session.formType() === formType.disabled ? <Line level="INFO" icon="lock">{say('dyn.closed', { status: status ? formatValue(status.column, status.value, session) : '' })}</Line> : null}
      {screen.notifications.map(({ id, level, text }) => <Line key={id} level={level}>{text}</Line>)}
      {script ? <Line level="ERROR">{say('dyn.scriptFailed', { message: script })}</Line> : null}
    </div>
  );
}

const Line = ({ level, icon, children }: { readonly level: Level; readonly icon?: IconName; readonly children: React.ReactNode }): JSX.Element => (
  <p className={`notice notice-${level.toLowerCase()}`} role={level === 'INFO' ? 'status' : 'alert'}>
    <Icon name={icon ?? ICONS[level]} />
    <span>{children}</span>
  </p>
);
