import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Installer } from 'electron-installer-debian';
import { debScripts, linuxOptions, writeCopyright, writeLinuxFiles } from './linux-files.mjs';

const archOf = { x64: 'amd64', arm64: 'arm64', arm: 'armhf' };

class SignalboxDeb extends Installer {
  get contentFunctions() {
    return [...super.contentFunctions, 'createOwnFiles'];
  }

  /** /usr/bin/signalbox is a script: the app and the command are one program there. */
  async createBinarySymlink() {}

  async createCopyright() {
    writeCopyright(join(this.stagingDir, 'usr/share/doc/signalbox/copyright'));
  }

  async createOwnFiles() {
    writeLinuxFiles(this.stagingDir, this.options.version);
  }

  generateOptions() {
    super.generateOptions();
    // What moves files to the trash, which Signalbox never does.
    this.options.depends = this.options.depends.filter((name) => !name.includes('trash-cli'));
    return this.options;
  }

  async createControl() {
    await super.createControl();
    // Kept over an update when it was changed.
    writeFileSync(join(this.stagingDir, 'DEBIAN', 'conffiles'), '/etc/default/signalbox\n');
  }
}

/** Builds the Debian package; gives its path. */
export async function makeDeb({ folder, out, compression }) {
  const installer = new SignalboxDeb({
    ...linuxOptions(folder, out),
    arch: archOf[process.arch] ?? process.arch,
    maintainer: 'The Signalbox authors <signalbox@localhost>',
    section: 'net',
    scripts: debScripts,
    compression,
    // useradd, for the server's user; the rest is Electron's own list.
    depends: ['passwd'],
    lintianOverrides: ['embedded-library', 'binary-without-manpage chrome-sandbox'],
    logger: () => undefined,
    rename: (dest) => join(dest, '<%= name %>_<%= version %>_<%= arch %>.deb'),
  });
  await installer.generateDefaults();
  await installer.generateOptions();
  await installer.createStagingDir();
  await installer.createContents();
  await installer.createPackage();
  await installer.movePackage();
  return installer.options.packagePaths;
}
