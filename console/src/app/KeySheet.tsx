import { keyText, useAllActions, type Action } from '@/shared/keys/registry';
import { Kbd } from '@/shared/ui/basics';
import { Dialog } from '@/shared/ui/Dialog';
import css from './Palette.module.css';

const order: readonly Action['group'][] = ['Move', 'Work', 'Decide', 'View', 'Go to'];

export function KeySheet({ onClose }: { onClose: () => void }) {
  const actions = useAllActions().filter((action) => action.keys && action.keys.length > 0);
  return (
    <Dialog title="Keys on this page" onClose={onClose} wide>
      <div className={css['sheet']}>
        {order.map((group) => {
          const own = actions.filter((action) => action.group === group);
          return own.length === 0 ? null : (
            <section key={group}>
              <h3>{group}</h3>
              <dl>
                {own.map((action) => (
                  <div key={action.id}>
                    <dt>
                      {action.keys?.map((keys) => (
                        <Kbd key={keys}>{keyText(keys)}</Kbd>
                      ))}
                    </dt>
                    <dd>{action.title}</dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
