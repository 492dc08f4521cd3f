// Whether a source is heard: sign, word and reason, never colour alone.
import type { Source } from '@/shared/api/wire';
import { useNow } from '@/shared/ui/TimeText';
import { spokenState } from '../sources';
import css from './SourcesPage.module.css';

export function State({ source }: { source: Source }) {
  const { mark, look, word, why } = spokenState(source, useNow());
  return (
    <span title={why}>
      <span className={`${css[look]} ${look === 'unknown' ? 'hatch' : ''}`}>
        {mark} {word}
      </span>{' '}
      <span className={css['why']}>{why}</span>
    </span>
  );
}
