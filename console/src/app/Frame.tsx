// Rail, header, banner, status strip: what stands around every page.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { signOut } from '@/shared/api/session';
import { statsQuery } from '@/shared/api/stats';
import { feed, useLiveState } from '@/shared/live/socket';
import { keyText, useActions, type Action } from '@/shared/keys/registry';
import { may, me, workIn, type Verb } from '@/shared/session';
import { setPrefs, usePrefs, type Prefs } from '@/shared/prefs/prefs';
import { zoneText } from '@/shared/text/time';
import { visible } from '@/shared/text/hostile';
import { total } from '@/shared/text/words';
import { Kbd } from '@/shared/ui/basics';
import { Icon, type IconName } from '@/shared/ui/icons';
import { Toasts } from '@/shared/ui/toasts';
import { useNow } from '@/shared/ui/TimeText';
import { clockText } from '@/shared/text/time';
import { KeySheet } from './KeySheet';
import { Palette } from './Palette';
import { StatusStrip } from './StatusStrip';
import css from './Frame.module.css';

interface Place {
  to: string;
  match: RegExp;
  name: string;
  icon: IconName;
  keys: string;
  needs?: Verb;
}

const places: readonly Place[] = [
  {
    to: '/queue?list=incidents',
    match: /^\/(queue(?!.*list=alerts)|incidents)/,
    name: 'Incidents',
    icon: 'queue',
    keys: 'g q',
  },
  {
    to: '/queue?list=alerts',
    match: /^\/(queue.*list=alerts|alerts)/,
    name: 'Alerts',
    icon: 'alerts',
    keys: 'g l',
  },
  { to: '/rules', match: /^\/rules/, name: 'Rules', icon: 'rules', keys: 'g r', needs: 'knowledge.read' },
  { to: '/suppressions', match: /^\/suppressions/, name: 'Suppressions', icon: 'suppressions', keys: 'g h' },
  {
    to: '/sources',
    match: /^\/sources/,
    name: 'Sources',
    icon: 'sources',
    keys: 'g s',
    needs: 'knowledge.read',
  },
  {
    to: '/dead-letters',
    match: /^\/dead-letters/,
    name: 'Dead letters',
    icon: 'deadletters',
    keys: 'g d',
    needs: 'faults.read',
  },
  {
    to: '/enrichment',
    match: /^\/enrichment/,
    name: 'Enrichment',
    icon: 'enrichment',
    keys: 'g e',
    needs: 'knowledge.read',
  },
  {
    to: '/mappings',
    match: /^\/mappings/,
    name: 'Mappings',
    icon: 'mapping',
    keys: 'g m',
    needs: 'alerts.ingest',
  },
  { to: '/jobs', match: /^\/jobs/, name: 'Jobs', icon: 'jobs', keys: 'g j', needs: 'faults.read' },
  { to: '/desk', match: /^\/desk/, name: 'Desk', icon: 'desk', keys: 'g k' },
  { to: '/noise', match: /^\/noise/, name: 'Noise', icon: 'noise', keys: 'g n' },
  {
    to: '/auto-close',
    match: /^\/auto-close/,
    name: 'Auto-close',
    icon: 'autoclose',
    keys: 'g c',
    needs: 'settings.read',
  },
  { to: '/audit', match: /^\/audit/, name: 'Audit', icon: 'audit', keys: 'g a', needs: 'audit.read' },
  {
    to: '/admin/people',
    match: /^\/admin/,
    name: 'Admin',
    icon: 'admin',
    keys: 'g p',
    needs: 'people.read',
  },
];

const mine = () => places.filter(({ needs }) => !needs || may(needs));

export function Frame({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<'palette' | 'keys' | null>(null);
  const stats = useQuery(statsQuery);
  useFrameActions(setShown);
  const close = () => {
    setShown(null);
  };
  return (
    <div className={css['frame']}>
      <a className={css['skip']} href="#main">
        Skip to content
      </a>
      <Rail
        counts={{
          Incidents: stats.data?.incidents.open,
          'Dead letters': stats.data?.dead_letters,
          Jobs: stats.data?.jobs.dead,
        }}
      />
      <header className={css['header']}>
        <Link to="/queue" className={css['brand']} aria-label="Tocsin, to the queue">
          Tocsin
        </Link>
        <button
          type="button"
          className={css['go']}
          onClick={() => {
            setShown('palette');
          }}
        >
          <Icon name="search" />
          <span className="truncate">Go to or do anything</span>
          <Kbd>{keyText('Ctrl+k')}</Kbd>
        </button>
        <Settings />
        <button
          type="button"
          className={css['keys']}
          aria-label="Keys (?)"
          title="Keys (?)"
          onClick={() => {
            setShown('keys');
          }}
        >
          <Icon name="help" />
        </button>
      </header>
      <Banners openMode={stats.data?.open_mode ?? false} />
      <Main>{children}</Main>
      <StatusStrip />
      <Toasts />
      {shown === 'palette' && <Palette onClose={close} />}
      {shown === 'keys' && <KeySheet onClose={close} />}
    </div>
  );
}

// A page is rendered some time after its address changed; which one stands here is told by `data-address`.
function Main({ children }: { children: ReactNode }) {
  const { pathname, search } = useLocation();
  return (
    <main id="main" tabIndex={-1} className={css['main']} data-address={pathname + search}>
      {children}
    </main>
  );
}

function Rail({ counts }: { counts: Record<string, number | undefined> }) {
  const { pathname, search } = useLocation();
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname]);
  return (
    <nav ref={nav} className={css['rail']} aria-label="Pages">
      <ul>
        {mine().map((place) => {
          const here = place.match.test(pathname + search);
          const n = counts[place.name] ?? 0;
          return (
            <li key={place.name}>
              <Link
                to={place.to}
                aria-current={here ? 'page' : undefined}
                title={`${place.name} (${place.keys})`}
              >
                <Icon name={place.icon} size={20} />
                <span className={css['name']}>{place.name}</span>
                {n > 0 && <span className={css['count']}>{total(n)}</span>}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function Settings() {
  const prefs = usePrefs();
  // Without sign-in the session names the shown one alone, and there is a way back.
  const tenants = [...new Set([me.tenant, ...me.tenants, ...(me.signedIn ? [] : ['default'])])].sort();
  return (
    <div className={css['settings']}>
      {tenants.length > 1 && (
        <Choice
          label="Tenant"
          value={me.tenant}
          options={tenants.map((name) => [name, visible(name, 40)])}
          onChange={(tenant) => {
            workIn(tenant);
          }}
        />
      )}
      <Choice
        label="Time zone"
        value={prefs.zone}
        options={[
          ['utc', 'UTC'],
          ['mine', zoneText('mine')],
        ]}
        onChange={(zone) => {
          setPrefs({ zone });
        }}
      />
      <Choice
        label="Theme"
        value={prefs.theme}
        options={[
          ['system', 'System theme'],
          ['dark', 'Dark'],
          ['light', 'Light'],
        ]}
        onChange={(theme) => {
          setPrefs({ theme });
        }}
      />
      <Choice
        label="Density"
        value={prefs.density}
        options={[
          ['compact', 'Compact'],
          ['comfortable', 'Comfortable'],
        ]}
        onChange={(density) => {
          setPrefs({ density });
        }}
      />
      {me.signedIn && <Account />}
    </div>
  );
}

function Account() {
  return (
    <>
      <Link to="/account" className={css['account']} title="My account (g u)">
        <span className="truncate">{visible(me.name, 40)}</span>
      </Link>
      <button type="button" className={css['signOut']} onClick={() => void signOut()}>
        Sign out
      </button>
    </>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <select
      className={css['choice']}
      aria-label={label}
      title={label}
      value={value}
      onChange={(event) => {
        onChange(event.target.value as T);
      }}
    >
      {options.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  );
}

// One line each, at most two, never marketing.
function Banners({ openMode }: { openMode: boolean }) {
  useLiveState();
  const { zone } = usePrefs();
  const offline = feed.offlineSince(useNow());
  return (
    <div className={css['banners']}>
      {openMode && (
        <p>
          Open access: whoever reaches this address on this machine acts as local administrator. No sign-in is
          set up.
        </p>
      )}
      {offline !== null && (
        <p className={css['offline']}>
          Not connected since {clockText(new Date(offline).toISOString(), zone)}. You can read what is loaded;
          changes are not saved.
        </p>
      )}
    </div>
  );
}

function useFrameActions(show: (what: 'palette' | 'keys') => void): void {
  const navigate = useNavigate();
  const { theme, density, zone } = usePrefs();
  const actions: Action[] = [
    {
      id: 'palette',
      title: 'Go to or do anything…',
      group: 'Go to',
      keys: ['Ctrl+k'],
      hidden: true,
      run: () => {
        show('palette');
      },
    },
    {
      id: 'keys',
      title: 'Show the keys',
      group: 'View',
      keys: ['?'],
      run: () => {
        show('keys');
      },
    },
    {
      id: 'zone',
      title: `Show times in ${zone === 'utc' ? 'my zone' : 'UTC'}`,
      group: 'View',
      keys: ['z'],
      run: () => {
        setPrefs({ zone: zone === 'utc' ? 'mine' : 'utc' });
      },
    },
    {
      id: 'theme',
      title: `Use the ${other(theme)} theme`,
      group: 'View',
      run: () => {
        setPrefs({ theme: other(theme) });
      },
    },
    {
      id: 'density',
      title: density === 'compact' ? 'Use comfortable rows' : 'Use compact rows',
      group: 'View',
      run: () => {
        setPrefs({ density: density === 'compact' ? 'comfortable' : 'compact' });
      },
    },
    ...mine().map((place): Action => ({
      id: `go-${place.name}`,
      title: place.name,
      group: 'Go to',
      keys: [place.keys],
      run: () => void navigate(place.to),
    })),
    {
      id: 'new-alert',
      title: 'New alert',
      group: 'Work',
      needs: 'alerts.ingest',
      run: () => void navigate('/alerts/new'),
    },
    {
      id: 'upload',
      title: 'Upload files',
      group: 'Work',
      needs: 'alerts.ingest',
      run: () => void navigate('/upload'),
    },
    {
      id: 'go-account',
      title: 'My account',
      group: 'Go to',
      keys: ['g u'],
      run: () => void navigate('/account'),
    },
    {
      id: 'go-case-data',
      title: 'Case data',
      group: 'Go to',
      needs: 'knowledge.read',
      run: () => void navigate('/admin/case-data'),
    },
    { id: 'go-roles', title: 'Roles', group: 'Go to', run: () => void navigate('/admin/roles') },
    {
      id: 'go-docs',
      title: 'API reference',
      group: 'Go to',
      run: () => {
        location.assign('/docs');
      },
    },
  ];
  useActions(actions);
}

function other(theme: Prefs['theme']): 'dark' | 'light' {
  const dark =
    theme === 'dark' || (theme === 'system' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  return dark ? 'light' : 'dark';
}
