import type { Offers } from '@/shared/query/language';
import css from './QueryBar.module.css';

interface Props {
  id: string;
  offers: Offers;
  at: number;
  onTake: (place: number) => void;
}

// Always there, so that the field's aria-controls leads somewhere; empty and hidden while nothing is offered.
export function Offered({ id, offers, at, onTake }: Props) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Completions"
      hidden={offers.items.length === 0}
      className={css['offers']}
    >
      {offers.items.map((offer, i) => (
        // The field above handles the keys.
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events
        <div
          key={offer.name}
          id={`${id}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === at}
          // The field keeps the focus.
          onPointerDown={(event) => {
            event.preventDefault();
          }}
          onClick={() => {
            onTake(i);
          }}
        >
          <span className="mono">{offer.name}</span> <span className="muted">{offer.hint}</span>
        </div>
      ))}
    </div>
  );
}
