// What is known locally about hosts, users, addresses and indicators, and where it is kept.
import { Link, useNavigate, useParams } from 'react-router';
import { useActions } from '@/shared/keys/registry';
import { Boundary, Empty } from '@/shared/ui/states';
import { usePageTitle } from '@/shared/ui/usePageTitle';
import { assets, users } from '../tables';
import { IntelTab } from './IntelTab';
import { InventoryTab } from './InventoryTab';
import { Overview } from './Overview';
import { WarningListsTab } from './WarningListsTab';
import css from './Enrichment.module.css';

const tabs = [
  { path: '', title: 'Overview', view: () => <Overview /> },
  { path: 'assets', title: 'Assets', view: () => <InventoryTab key="assets" table={assets} /> },
  { path: 'users', title: 'Users', view: () => <InventoryTab key="users" table={users} /> },
  { path: 'intel', title: 'Intel lists', view: () => <IntelTab /> },
  { path: 'warning-lists', title: 'Warning lists', view: () => <WarningListsTab /> },
] as const;

const addressOf = (path: string) => (path === '' ? '/enrichment' : `/enrichment/${path}`);

export default function EnrichmentPage() {
  const { tab = '' } = useParams();
  const navigate = useNavigate();
  const here = tabs.find(({ path }) => path === tab);
  usePageTitle(here && tab !== '' ? `${here.title} · Enrichment` : 'Enrichment');
  useActions(
    tabs.map(({ path, title }, i) => ({
      id: `enrichment-${path}`,
      title: `Enrichment: ${title}`,
      group: 'Go to' as const,
      keys: [String(i + 1)],
      run: () => void navigate(addressOf(path)),
    })),
  );
  return (
    <div className={css['page']}>
      <div className={css['head']}>
        <h1>Enrichment</h1>
        <p className="secondary">
          What is known here about hosts, users, addresses and indicators is put onto each alert when it
          arrives, with its source and age. A change concerns the alerts that come after it.
        </p>
      </div>
      <nav className={css['tabs']} aria-label="Parts of enrichment">
        {tabs.map(({ path, title }) => (
          <Link key={path} to={addressOf(path)} aria-current={path === tab ? 'page' : undefined}>
            {title}
          </Link>
        ))}
      </nav>
      <Boundary what="This part" key={tab}>
        {here ? (
          here.view()
        ) : (
          <Empty text="This part of enrichment is not here.">
            <Link to="/enrichment">To the overview</Link>
          </Empty>
        )}
      </Boundary>
    </div>
  );
}
