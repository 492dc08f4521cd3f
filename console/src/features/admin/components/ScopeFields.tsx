// The part of a tenant that a role or a key is for: sources, asset groups, or both.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { statsQuery } from '@/shared/api/stats';
import type { Scope } from '@/shared/api/wire';
import { namesIn, scopeText } from '@/shared/text/scope';
import css from './Admin.module.css';

interface Props {
  scope: Scope | undefined;
  of: string; // "role 2": names the fields to those who cannot see where they stand
  onChange: (scope: Scope) => void;
}

export function ScopeFields({ scope, of, onChange }: Props) {
  const known = Object.keys(useQuery(statsQuery).data?.alerts.by_source ?? {});
  return (
    <details className={css['scope']}>
      <summary>Sees {scopeText(scope)}</summary>
      <p className="muted">
        Names, with commas between them. With both lists set, an alert must be in both. An empty list allows
        all.
      </p>
      <NameList
        label="Sources"
        of={of}
        names={scope?.sources}
        example={known.slice(0, 2).join(', ') || 'suricata, okta'}
        onChange={(sources) => onChange({ ...scope, sources })}
      />
      <NameList
        label="Asset groups"
        of={of}
        names={scope?.asset_groups}
        example="a department, zone or tag of the asset table"
        onChange={(groups) => onChange({ ...scope, asset_groups: groups })}
      />
    </details>
  );
}

interface ListProps {
  label: string;
  of: string;
  names: readonly string[] | undefined;
  example: string;
  onChange: (names: string[]) => void;
}

// The text is its own state: a comma that was just typed is no name yet.
function NameList({ label, of, names, example, onChange }: ListProps) {
  const [text, setText] = useState((names ?? []).join(', '));
  return (
    <label>
      <span>{label}</span>
      <input
        type="text"
        autoComplete="off"
        spellCheck={false}
        aria-label={`${label} of ${of}`}
        placeholder={example}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          onChange(namesIn(event.target.value));
        }}
      />
    </label>
  );
}
