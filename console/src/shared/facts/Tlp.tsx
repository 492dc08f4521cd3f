// Traffic Light Protocol 2.0: FIRST's colours on black, never without the word.
import type { Tlp } from '@/shared/api/wire';
import { may } from '@/shared/session';
import css from './Tlp.module.css';

export const tlpMarks: readonly Tlp[] = ['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR'];

export const tlpMeaning: Record<Tlp, string> = {
  RED: 'For the eyes of its recipients only.',
  'AMBER+STRICT': 'Within the organisation only, need to know.',
  AMBER: 'Within the organisation and its clients, need to know.',
  GREEN: 'Within the community, not in public.',
  CLEAR: 'May be shared without limit.',
};

export function TlpMark({ tlp }: { tlp: Tlp }) {
  return <span className={`${css['mark']} ${css[nameOf(tlp)]}`}>TLP:{tlp}</span>;
}

interface ChoiceProps {
  tlp: Tlp;
  onChoose: (tlp: Tlp) => void;
}

export function TlpChoice({ tlp, onChoose }: ChoiceProps) {
  if (!may('alerts.triage')) return <TlpMark tlp={tlp} />;
  return (
    <select
      id="tlp"
      className={`${css['mark']} ${css['choice']} ${css[nameOf(tlp)]}`}
      aria-label="Traffic Light mark"
      title={tlpMeaning[tlp]}
      value={tlp}
      onChange={(event) => {
        onChoose(event.target.value as Tlp);
      }}
    >
      {tlpMarks.map((mark) => (
        <option key={mark} value={mark}>
          TLP:{mark}
        </option>
      ))}
    </select>
  );
}

function nameOf(tlp: Tlp): string {
  return tlp === 'AMBER+STRICT' ? 'amber' : tlp.toLowerCase();
}
