// What an alert with a value would be told of it. The address holds kind and value, so that it can be sent on.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { KnownFacts } from '@/shared/facts/KnownFacts';
import { kindWord } from '@/shared/text/words';
import { Button, Panel } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import { Loading } from '@/shared/ui/states';
import { lookupQuery, type Known } from '../api/reference';
import { guessKind, kinds } from '../lookup';
import { tierWords } from '../tables';
import { useAddress } from '../useAddress';
import { NotDone } from './parts';
import css from './Enrichment.module.css';

export function Lookup() {
  const { of, edit } = useAddress();
  const value = of('value') ?? '';
  const kind = of('kind') ?? guessKind(value);
  const [text, setText] = useState(value);
  const [chosen, setChosen] = useState(of('kind') ?? '');
  const { data, error, isFetching } = useQuery(lookupQuery(kind, value));
  return (
    <Panel title="Look a value up">
      <form
        className={`controls ${css['lookup']}`}
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          edit({ value: text.trim() === '' ? null : text.trim(), kind: chosen === '' ? null : chosen });
        }}
      >
        <input
          id="lookup-value"
          type="text"
          aria-label="Value"
          placeholder="10.1.2.3, db-01, ana, example.com, CVE-2021-44228"
          spellCheck={false}
          maxLength={2048}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
        <select
          aria-label="Kind"
          value={chosen}
          onChange={(event) => {
            setChosen(event.target.value);
          }}
        >
          <option value="">
            {text.trim() === '' ? 'Kind by its shape' : `By its shape: ${kindWord(guessKind(text))}`}
          </option>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {kindWord(one)}
            </option>
          ))}
        </select>
        <Button look="primary" type="submit">
          Look up
        </Button>
      </form>
      <div aria-live="polite">
        {value !== '' && error && <NotDone error={error} what="Not looked up." />}
        {value !== '' && isFetching && !data && <Loading lines={2} what="what is known" />}
        {value !== '' && data && <Answer known={data} />}
      </div>
    </Panel>
  );
}

function Answer({ known }: { known: Known }) {
  return (
    <>
      <p className={css['answer']}>
        <Hostile text={known.value} mono kind={known.kind} cap={200} /> as {kindWord(known.kind)}:{' '}
        {known.facts.length === 0
          ? 'nothing is known of it'
          : `tier ${tierWords[known.asset_tier].toLowerCase()}`}
        ,{' '}
        {known.may_be_indicator
          ? 'counts as an indicator when an alert names it as one'
          : 'does not count as an indicator'}
        .
      </p>
      <KnownFacts facts={known.facts} />
    </>
  );
}
