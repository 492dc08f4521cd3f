// What could be done, each with what it would have hidden. None is applied by itself.
import { Link } from 'react-router';
import { may } from '@/shared/session';
import { count, percent } from '@/shared/text/words';
import { Button, CopyButton, Facts } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { useUrlState } from '@/shared/ui/useUrlState';
import { hiddenText, kindWords, queueOf, withVerdict, type Noise, type NoiseProposal } from '../noise';
import css from './Noise.module.css';

export function Proposals({ noise, days }: { noise: Noise; days: number }) {
  return (
    <section className={css['part']} aria-label="Proposals">
      <h2>Proposals</h2>
      {noise.proposals.length === 0 ? (
        <None needs={noise.needs} />
      ) : (
        <ul className={css['proposals']}>
          {noise.proposals.map((proposal) => (
            <li key={`${proposal.kind} ${proposal.q} ${proposal.at_least} ${proposal.window_minutes}`}>
              <Proposal proposal={proposal} days={days} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function None({ needs }: { needs: Noise['needs'] }) {
  return (
    <p className="secondary">
      None yet. A proposal needs {needs.false_positives} false positives that it would have hidden, at least{' '}
      {percent(needs.share_of_false_positives)} of those of its rule, decided at {needs.acts} different times,
      and no real one among them. <Link to="/queue?list=alerts">Set verdicts in the queue</Link>, or try a
      search of your own below.
    </p>
  );
}

function Proposal({ proposal, days }: { proposal: NoiseProposal; days: number }) {
  const [, setQ] = useUrlState('q');
  const { kind, would_have_hidden: hidden, q } = proposal;
  const delayed =
    kind === 'threshold' ? ([['Real ones shown later', delayText(proposal)]] as const) : ([] as const);
  return (
    <article className={css['proposal']} aria-label={`${kindWords[kind]} for ${proposal.type}`}>
      <h3>
        {kindWords[kind]}: <Hostile text={proposal.sentence} cap={400} />
      </h3>
      <Facts
        rows={[
          ['Would have hidden', hiddenText(hidden)],
          [
            'Of its rule',
            <>
              <Link to={queueOf(withVerdict(q, 'false_positive'), days)}>
                {hidden.false_positive} of {count(proposal.of_false_positives, 'false positive')}
              </Link>
              , {hidden.true_positive} of {proposal.of_real} real
            </>,
          ],
          ...delayed,
          ['Stays in sight', `${count(proposal.stays_in_sight, 'alert')} on crown jewels, high or critical`],
          [
            'Rests on',
            `the words of ${count(proposal.people, 'person', 'people')}; at most ${percent(proposal.real_share_at_most)} of it may be real all the same`,
          ],
          [
            'Search',
            <span key="q" className={css['search']}>
              <code>
                <Hostile text={q} mono cap={400} />
              </code>
              <CopyButton text={q} what="the search" />
            </span>,
          ],
        ]}
      />
      <div className={css['acts']}>
        <Link to={queueOf(q, days)}>Look at its alerts</Link>
        {kind === 'exception' && <Button onClick={() => setQ(q)}>Try as a search</Button>}
        {kind === 'exception' && may('knowledge.write') && (
          <Link to={`/suppressions?add=1&q=${encodeURIComponent(q)}`}>Add a suppression…</Link>
        )}
      </div>
    </article>
  );
}

function delayText({ real_delayed: delayed, longest_delay_minutes: longest }: NoiseProposal): string {
  return delayed === 0 ? 'none' : `${delayed}, by up to ${count(longest, 'minute')}`;
}
