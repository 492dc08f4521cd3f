// Every form in which an incident can leave, with what each is for; the Traffic Light mark that they bear comes first.
import { useState } from 'react';
import type { Incident } from '@/shared/api/wire';
import { useActions } from '@/shared/keys/registry';
import { TlpMark, tlpMeaning } from '@/shared/facts/Tlp';
import { Button } from '@/shared/ui/basics';
import { Dialog } from '@/shared/ui/Dialog';
import { Icon } from '@/shared/ui/icons';
import { exportPath } from '../api/incident';
import css from './ExportMenu.module.css';

const formats: readonly (readonly [format: string, name: string, use: string])[] = [
  ['zip', 'Signed pack', 'Investigator Pack, reports and files with SHA-256 sums and an Ed25519 signature'],
  ['pack', 'Investigator Pack', 'Everything in one JSON file, each raw record with its SHA-256'],
  ['html', 'Report, HTML', 'One page without scripts, made for printing'],
  ['markdown', 'Report, Markdown', 'For a ticket or a wiki'],
  ['json', 'Incident, JSON', 'The incident with alerts, timeline, notes and actions'],
  ['csv', 'Alerts, CSV', 'Safe to open in a spreadsheet'],
  ['stix', 'STIX 2.1', 'Bundle for threat intelligence platforms'],
  ['misp', 'MISP event', 'For a MISP instance'],
  ['navigator', 'ATT&CK Navigator', 'Layer 4.5 of the techniques seen'],
];

export function ExportMenu({ incident }: { incident: Incident }) {
  const [open, setOpen] = useState(false);
  const show = () => {
    setOpen(true);
  };
  useActions([
    {
      id: 'export',
      title: 'Export the incident…',
      group: 'Work',
      keys: ['Shift+e'],
      needs: 'records.export',
      run: show,
    },
  ]);
  return (
    <>
      <Button icon="download" keys="Shift E" needs="records.export" onClick={show}>
        Export…
      </Button>
      {open && (
        <Dialog
          title="Export the incident"
          wide
          onClose={() => {
            setOpen(false);
          }}
        >
          <p className={css['mark']}>
            <TlpMark tlp={incident.tlp} /> {tlpMeaning[incident.tlp]} A file bears the strictest mark of the
            incident and its alerts.
          </p>
          <ul className={css['list']}>
            {formats.map(([format, name, use], i) => (
              <li key={format}>
                <a
                  href={exportPath(incident.id, format)}
                  download
                  data-autofocus={i === 0 ? '' : undefined}
                  onClick={() => {
                    setOpen(false);
                  }}
                >
                  <Icon name="download" />
                  <b>{name}</b>
                  <span className="secondary">{use}</span>
                </a>
              </li>
            ))}
          </ul>
          <p className="secondary">
            The public key that checks the signature is at{' '}
            <a href="/api/v1/signing-key">/api/v1/signing-key</a>; the pack holds a README with the commands.
          </p>
        </Dialog>
      )}
    </>
  );
}
