// What local enrichment knew: by what it is about, each with its source, how old that was, and the row behind it.
import { Link } from 'react-router';
import type { Fact } from '@/shared/api/wire';
import { plain } from '@/shared/text/words';
import { Hostile } from '@/shared/ui/Hostile';
import { Moment } from '@/shared/ui/TimeText';
import { bySubject, spokenSource, whereKept } from './known';
import css from './KnownFacts.module.css';

export function KnownFacts({ facts }: { facts: readonly Fact[] }) {
  return (
    <div className={css['subjects']}>
      {bySubject(facts).map(({ subject, own }) => (
        <div key={subject} role="group" aria-label={subject === '' ? 'The alert' : subject}>
          <h4 className={css['subject']}>
            {subject === '' ? 'The alert' : <Hostile text={subject} mono cap={200} />}
          </h4>
          <ul className={css['facts']}>
            {own.map((fact, i) => (
              <li key={i}>
                <span className={css['name']}>{plain(fact.name)}</span>
                <span className={css['value']}>
                  <Hostile text={fact.value === 'true' ? 'yes' : fact.value} cap={500} />
                </span>
                <span className={css['origin']}>
                  <Origin fact={fact} all={facts} />, as of <Moment at={fact.as_of} />
                  {fact.at !== fact.as_of && (
                    <>
                      , asked <Moment at={fact.at} />
                    </>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Origin({ fact, all }: { fact: Fact; all: readonly Fact[] }) {
  const to = whereKept(fact, all);
  const words = <Hostile text={spokenSource(fact.from)} cap={200} />;
  return to === null ? <>from {words}</> : <Link to={to}>from {words}</Link>;
}
