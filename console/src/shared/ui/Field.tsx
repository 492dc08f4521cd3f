// An input with its name, and below it what it is for or what is wrong with it.
import type { InputHTMLAttributes, ReactNode, Ref } from 'react';
import { sentence } from '@/shared/text/words';
import css from './Field.module.css';

// The input names `${name}-about` in its aria-describedby.
interface FieldProps {
  label: string;
  name: string;
  help?: string | undefined;
  fault?: string | undefined;
  children: ReactNode;
}

export function Field({ label, name, help, fault, children }: FieldProps) {
  return (
    <div className={`controls ${css['field']}`}>
      <label>
        <span>{label}</span>
        {children}
      </label>
      <p id={`${name}-about`} className={fault ? css['fault'] : 'muted'}>
        {fault ? sentence(fault) : help}
      </p>
    </div>
  );
}

type InputProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'name' | 'value' | 'onChange'>;

interface TextFieldProps extends InputProps, Omit<FieldProps, 'children'> {
  value: string;
  onText: (text: string) => void;
  first?: boolean; // has the focus when its dialog opens
  ref?: Ref<HTMLInputElement>;
}

// A field of one line.
export function TextField({ label, name, help, fault, onText, first = false, ...input }: TextFieldProps) {
  return (
    <Field label={label} name={name} help={help} fault={fault}>
      <input
        type="text"
        name={name}
        autoComplete="off"
        aria-describedby={`${name}-about`}
        aria-invalid={fault !== undefined}
        data-autofocus={first ? '' : undefined}
        {...input}
        onChange={(event) => onText(event.target.value)}
      />
    </Field>
  );
}

// What is wrong with more than one field; nothing stands there while nothing is.
export function Fault({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className={css['faults']}>
      {children}
    </p>
  );
}
