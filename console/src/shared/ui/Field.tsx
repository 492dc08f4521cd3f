// An input with its name, and below it what it is for or what is wrong with it.
import type { ReactNode } from 'react';
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
    <div className={css['field']}>
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
