import { createServer } from 'node:net';
import { app, dialog } from 'electron';
import { printAddress } from '../../../shared/contract/app.ts';
import { asSentence } from '../../../shared/error-text.ts';
import { type Address, AddressError, type StartOptions } from '../../runtime/runtime-types.ts';
import { keepReceiverAddress } from '../../runtime/servers/receiver-address.ts';
import type { StartError } from '../../upkeep/start-error.ts';
import { ask } from '../ask.ts';

/** A port that nothing uses at this moment; null when the host itself cannot be listened on. */
function findFreePort(host: string): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

async function recoverReceiver(
  error: StartError,
  address: Address,
  options: StartOptions,
): Promise<StartOptions | null> {
  const port = await findFreePort(address.host);
  const isByOption = options.receiver !== null;
  const choice = await ask({
    kind: 'error',
    message: `The receiver cannot listen on ${printAddress(address)}.`,
    detail: [
      asSentence(error.message),
      port === null
        ? ''
        : isByOption
          ? `Port ${port} is free. It would be used until Signalbox quits; senders need the new address.`
          : `Port ${port} is free. It would be saved in Settings; senders need the new address.`,
    ]
      .filter((line) => line !== '')
      .join('\n\n'),
    choices: [
      ...(port === null ? [] : [{ key: 'port' as const, label: `Use Port ${port}` }]),
      { key: 'again', label: 'Try Again' },
      { key: 'quit', label: 'Quit' },
    ],
    onClose: 'quit',
  });
  if (choice === 'quit') return null;
  if (choice === 'again' || port === null) return options;
  const chosen = { host: address.host, port };
  if (isByOption) return { ...options, receiver: chosen };
  await keepReceiverAddress(options.dataDir, chosen);
  return options;
}

/** Errors that another directory solves. */
const dataDirHeadings: Partial<Record<StartError['code'], string>> = {
  data_dir_read_only: 'Signalbox cannot write to its data directory.',
  data_dir_taken: 'Another Signalbox uses this data directory.',
  data_dir_foreign: 'This folder cannot be the data directory.',
  data_dir_unusable: 'The data directory cannot be used.',
  disk_full: 'The disk of the data directory is full.',
};

async function recoverDataDir(error: StartError, message: string, options: StartOptions): Promise<StartOptions | null> {
  const choice = await ask({
    kind: 'error',
    message,
    detail: `${asSentence(error.message)}\n\nAnother directory is used for this start; to use it at every start, pass --data-dir or set SIGNALBOX_DATA_DIR.`,
    choices: [
      { key: 'choose', label: 'Choose Another Directory…' },
      { key: 'again', label: 'Try Again' },
      { key: 'quit', label: 'Quit' },
    ],
    onClose: 'quit',
  });
  if (choice === 'quit') return null;
  if (choice === 'again') return options;
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: 'Data Directory of Signalbox',
    buttonLabel: 'Use Directory',
    defaultPath: options.dataDir,
    properties: ['openDirectory', 'createDirectory', 'promptToCreate'],
  });
  const [chosen] = filePaths;
  // Back to the question, which has a way to quit.
  if (canceled || chosen === undefined) return options;
  return { ...options, dataDir: chosen };
}

/**
 * Says why the app cannot start and offers what can be done there and then. Gives the options for the next try, or null
 * when it should end. Another data directory takes a new process: Chromium's own files are in it.
 */
export async function recoverStart(error: StartError, options: StartOptions): Promise<StartOptions | null> {
  if (error instanceof AddressError && error.server === 'receiver') {
    return await recoverReceiver(error, error.address, options);
  }
  const heading = dataDirHeadings[error.code];
  if (heading !== undefined) {
    const next = await recoverDataDir(error, heading, options);
    if (next === null || next.dataDir === options.dataDir) return next;
    // Of an option that is given twice, the last one counts.
    app.relaunch({ args: [...process.argv.slice(1), '--data-dir', next.dataDir] });
    return null;
  }
  await ask({
    kind: 'error',
    message: 'Signalbox cannot start.',
    detail: asSentence(error.message),
    choices: [{ key: 'quit', label: 'Quit' }],
    onClose: 'quit',
  });
  return null;
}
