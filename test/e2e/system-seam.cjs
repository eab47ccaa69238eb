// Loaded before the app (`electron -r`): stands for the two things that the system does with a person, dialogs and
// notifications, and nothing else. The tests see them in `globalThis.systemSeam`.
const { dialog, Notification } = require('electron');

const asked = [];
const notifications = [];
/** Labels that are pressed at once when they are offered: JSON in the environment. */
const answers = JSON.parse(process.env.SYSTEM_SEAM_ANSWERS ?? '[]');

dialog.showMessageBox = (...args) =>
  new Promise((resolve) => {
    const { message, detail, buttons, cancelId, signal } = args.at(-1);
    const entry = {
      message,
      detail,
      buttons,
      isOpen: true,
      press(label) {
        const response = buttons.indexOf(label);
        if (response === -1) throw new Error(`no button is called ${label}; there are ${buttons.join(', ')}`);
        entry.isOpen = false;
        resolve({ response, checkboxChecked: false });
      },
    };
    asked.push(entry);
    signal?.addEventListener('abort', () => {
      entry.isOpen = false;
      resolve({ response: cancelId, checkboxChecked: false });
    });
    const answer = answers.find((label) => buttons.includes(label));
    if (answer !== undefined) entry.press(answer);
  });

Notification.isSupported = () => true;
// As the system does: it shows the text and keeps no hold of the object.
Notification.prototype.show = function show() {
  notifications.push({ title: this.title, body: this.body, object: new WeakRef(this) });
};

globalThis.systemSeam = { asked, notifications };
