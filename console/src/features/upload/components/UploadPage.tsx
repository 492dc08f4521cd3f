// Files in, by choosing or by dropping; what became of each.
import { useState } from 'react';
import { Link } from 'react-router';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { sendFiles, useSent } from '../uploadQueue';
import { UploadRow } from './UploadRow';
import css from './Upload.module.css';

export default function UploadPage() {
  usePageTitle('Upload');
  const sent = useSent();
  const [source, setSource] = useState('');
  return (
    <div className={css['page']}>
      <h1>Upload</h1>
      <p className="secondary">
        Payloads as JSON, NDJSON, CSV, Windows event XML, mails or log lines, gzip or not. The same file twice
        adds nothing. To enter one alert by hand, <Link to="/alerts/new">make a new alert</Link>.
      </p>
      <label className={`controls ${css['source']}`}>
        <span>Source</span>
        <input
          type="text"
          value={source}
          placeholder="detect"
          spellCheck={false}
          maxLength={64}
          aria-describedby="upload-source-help"
          onChange={(event) => {
            setSource(event.target.value);
          }}
        />
      </label>
      <p id="upload-source-help" className="muted">
        Leave it empty, and each file says itself whose records it holds. Or name it: cef, suricata, your own
        mapping.
      </p>
      <DropZone
        onFiles={(files) => {
          void sendFiles(files, source);
        }}
      />
      <ul className={css['list']} aria-label="Files" aria-live="polite">
        {sent.map((one) => (
          <UploadRow key={one.key} sent={one} />
        ))}
      </ul>
    </div>
  );
}

function DropZone({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const [over, setOver] = useState(false);
  return (
    // Dropping is one more way to what the field inside does for every keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <label
      className={over ? css['over'] : css['drop']}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      <span>Drop files here, or choose them</span>
      <input
        type="file"
        multiple
        aria-label="Choose files"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </label>
  );
}
