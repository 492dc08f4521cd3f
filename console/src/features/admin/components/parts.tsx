// What the pages of administration share: their head, and what of them stands in the address.
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { PageHead } from '@/shared/list/List';
import { may, type Verb } from '@/shared/session';
import { useUrlState } from '@/shared/ui/useUrlState';
import css from './Admin.module.css';

const tabs: readonly (readonly [to: string, name: string, needs?: Verb])[] = [
  ['/admin/people', 'People', 'people.read'],
  ['/admin/keys', 'Keys', 'people.read'],
  ['/admin/tenants', 'Tenants', 'tenants.read'],
  ['/admin/case-data', 'Case data', 'knowledge.read'],
  ['/admin/roles', 'Roles'],
];

export function Head({ title, children }: { title: string; children: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <>
      <nav className={css['tabs']} aria-label="Administration">
        {tabs.map(
          ([to, name, needs]) =>
            (!needs || may(needs)) && (
              <Link key={to} to={to} aria-current={pathname === to ? 'page' : undefined}>
                {name}
              </Link>
            ),
        )}
      </nav>
      <PageHead title={title}>{children}</PageHead>
    </>
  );
}

export interface Address {
  text: string;
  state: string | null;
  chosen: string | null;
  act: string | null; // the dialog that is open
  setText: (text: string) => void;
  setState: (state: string | null) => void;
  choose: (id: string | null) => void;
  setAct: (act: string | null) => void;
}

export function useAddress(): Address {
  const [text, setText] = useUrlState('text');
  const [state, setState] = useUrlState('state');
  const [chosen, choose] = useUrlState('id');
  const [act, setAct] = useUrlState('do');
  return {
    text: text ?? '',
    state,
    chosen,
    act,
    setText: (next) => setText(next === '' ? null : next),
    setState,
    choose,
    setAct,
  };
}
