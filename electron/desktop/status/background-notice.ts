export interface BackgroundNotice {
  title: string;
  body: string;
}

/** What is said when the window is closed for the first time and the app goes on. */
export const describeBackground = (inTray: boolean): BackgroundNotice => ({
  title: 'Signalbox is still running',
  body: inTray
    ? 'It keeps receiving in the tray. Quit it from there or from the File menu.'
    : 'It keeps receiving while its window is minimized. Quit it from the File menu. Settings has a switch for this.',
});
