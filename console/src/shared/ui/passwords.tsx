// The fields that a browser's password manager fills.
import type { Ref } from 'react';
import { TextField } from './Field';

interface Props {
  value: string;
  fault: string | undefined;
  onText: (text: string) => void;
}

interface PresentProps extends Props {
  label: string;
  name: string;
  first?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function PresentPassword(props: PresentProps) {
  return <TextField type="password" autoComplete="current-password" required {...props} />;
}

export function NewPassword(props: Props) {
  return (
    <TextField
      label="New password"
      name="new"
      help="12 to 128 characters of any kind; a few words in a row are good."
      type="password"
      autoComplete="new-password"
      required
      {...props}
    />
  );
}
