import { describe, expect, it } from 'vitest';
import { ownPages } from '../../electron/desktop/pages/own-pages.ts';

describe('pages of the window', () => {
  const { isOwnPage, isConsole } = ownPages('app://signalbox/');

  it.each([
    ['app://signalbox/', true, true],
    ['app://signalbox/#/runs/1', true, true],
    ['app://signalbox/nothing-here', true, false],
    ['app://signalbox/index.html', true, false],
    ['app://signalbox/?q=1', true, false],
    ['app://signalbox.evil/', false, false],
    ['https://signalbox/', false, false],
    ['about:blank', false, false],
    ['no address', false, false],
  ])('%s', (url, own, console) => {
    expect([isOwnPage(url), isConsole(url)]).toEqual([own, console]);
  });

  it('are those of the development server while developing', () => {
    const dev = ownPages('http://localhost:5173');
    expect(dev.isConsole('http://localhost:5173/#/live')).toBe(true);
    expect(dev.isOwnPage('http://localhost:5174/')).toBe(false);
  });
});
