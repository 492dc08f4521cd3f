// Tags: words of people and of sources, never coloured; each leads to what else bears it.
import { useState } from 'react';
import { Link } from 'react-router';
import { alertsWhere } from '@/shared/query/write';
import { may } from '@/shared/session';
import { visible } from '@/shared/text/hostile';
import { Button, IconButton } from '@/shared/ui/basics';
import { Hostile } from '@/shared/ui/Hostile';
import css from './Tags.module.css';

const kMost = 50;
const kLongest = 100;

interface TagsProps {
  tags: readonly string[];
  onRemove?: (tag: string) => void;
}

export function Tags({ tags, onRemove }: TagsProps) {
  return (
    <ul className={css['tags']} aria-label="Tags">
      {tags.map((tag) => (
        <li key={tag}>
          <Link to={alertsWhere(['tag', tag])} title="Alerts with this tag">
            <Hostile text={tag} cap={60} />
          </Link>
          {onRemove && (
            <IconButton
              icon="close"
              label={`Remove the tag ${visible(tag, 60)}`}
              onClick={() => {
                onRemove(tag);
              }}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

interface EditorProps {
  tags: readonly string[];
  onChange: (tags: readonly string[], said: string) => void;
}

export function TagEditor({ tags, onChange }: EditorProps) {
  const [text, setText] = useState('');
  const added = addTag(tags, text);
  if (!may('alerts.triage')) return <Tags tags={tags} />;
  return (
    <>
      <Tags
        tags={tags}
        onRemove={(tag) => {
          onChange(
            tags.filter((one) => one !== tag),
            `Removed the tag ${visible(tag, 60)}.`,
          );
        }}
      />
      <form
        className={css['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (!added) return;
          onChange(added, `Added the tag ${visible(text.trim(), 60)}.`);
          setText('');
        }}
      >
        <input
          id="new-tag"
          type="text"
          aria-label="New tag"
          placeholder="New tag"
          maxLength={kLongest}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
        <Button type="submit" disabled={!added}>
          Add tag
        </Button>
      </form>
    </>
  );
}

// Null where there is nothing to add: no text, a tag that is there, or no room.
export function addTag(tags: readonly string[], text: string): readonly string[] | null {
  const tag = text.trim();
  return tag === '' || tags.includes(tag) || tags.length >= kMost ? null : [...tags, tag];
}
