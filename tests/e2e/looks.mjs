// What every page must hold: no serious fault of accessibility, nothing cut off sideways.
import { axeSource, check, equal } from './harness.mjs';

export async function settled(page) {
  await page.waitForLoadState('networkidle');
  await page.locator('main [aria-busy]').waitFor({ state: 'detached' });
}

export async function faults(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map((node) => node.html.slice(0, 160))
          .join(' | ')}`,
    );
}

// What sticks out of the page sideways and cannot be scrolled to on purpose.
function sideways() {
  const wide = document.documentElement.clientWidth;
  const reachable = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { overflowX } = getComputedStyle(at);
      if (overflowX === 'auto' || overflowX === 'scroll') return at.tagName !== 'MAIN';
      if (overflowX === 'hidden' || overflowX === 'clip') return true;
    }
    return false;
  };
  return [...document.querySelectorAll('body *')]
    .filter(
      (element) =>
        element.getBoundingClientRect().right > wide + 1 &&
        element.getBoundingClientRect().width > 1 &&
        !reachable(element),
    )
    .map((element) => `${element.tagName}.${element.className}`.slice(0, 80))
    .slice(0, 5);
}

// Cells of a list of rows beyond the edge, where only pushing the list sideways would show them.
const cutCells = () =>
  [...document.querySelectorAll('main td[data-title]')]
    .filter((cell) => cell.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map((cell) => cell.dataset.title)
    .slice(0, 5);

export async function fitsSideways(page, name) {
  equal(
    await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
    true,
    `${name} is wider than the screen`,
  );
  const main = await page.evaluate(() => {
    const element = document.querySelector('main');
    return element.scrollWidth - element.clientWidth;
  });
  check(main <= 0, `${name}: main is ${main} px too wide`);
  equal(await page.evaluate(sideways), [], name);
  equal(await page.evaluate(cutCells), [], `cells of ${name} that are out of sight`);
}
