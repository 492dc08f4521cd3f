// Who and where: any number of rows of kind, value and role.
import { Button } from '@/shared/ui/basics';
import { entityKinds, entityRoles, newEntity, type DraftEntity } from '../draft';
import css from './Upload.module.css';

interface Props {
  entities: readonly DraftEntity[];
  faults: ReadonlyMap<string, string>;
  onChange: (entities: DraftEntity[]) => void;
}

export function EntityRows({ entities, faults, onChange }: Props) {
  const change = (place: number, part: Partial<DraftEntity>) => {
    onChange(entities.map((one, i) => (i === place ? { ...one, ...part } : one)));
  };
  return (
    <fieldset className={css['entities']}>
      <legend>Who and where</legend>
      {entities.map((one, i) => {
        const fault = ['kind', 'value', 'role']
          .map((name) => faults.get(`entities/${i}/${name}`))
          .find(Boolean);
        return (
          <div key={one.key} className={`controls ${css['entity']}`}>
            <select
              aria-label={`Kind of entity ${i + 1}`}
              value={one.kind}
              onChange={(event) => {
                change(i, { kind: event.target.value });
              }}
            >
              {entityKinds.map((kind) => (
                <option key={kind}>{kind}</option>
              ))}
            </select>
            <input
              type="text"
              aria-label={`Value of entity ${i + 1}`}
              aria-invalid={fault !== undefined}
              aria-describedby={`entity-${one.key}-fault`}
              value={one.value}
              onChange={(event) => {
                change(i, { value: event.target.value });
              }}
            />
            <select
              aria-label={`Role of entity ${i + 1}`}
              value={one.role}
              onChange={(event) => {
                change(i, { role: event.target.value });
              }}
            >
              {entityRoles.map((role) => (
                <option key={role}>{role}</option>
              ))}
            </select>
            <Button
              aria-label={`Remove entity ${i + 1}`}
              onClick={() => {
                onChange(entities.filter((_, place) => place !== i));
              }}
            >
              Remove
            </Button>
            <p id={`entity-${one.key}-fault`} className={css['fault']}>
              {fault && `Entity ${i + 1} ${fault}.`}
            </p>
          </div>
        );
      })}
      <Button
        onClick={() => {
          onChange([...entities, newEntity()]);
        }}
      >
        Add an entity
      </Button>
    </fieldset>
  );
}
