import { join } from 'node:path';
import { Installer } from 'electron-installer-redhat';
import { linuxOptions, rpmScripts, specTemplate, writeCopyright, writeLinuxFiles } from './linux-files.mjs';

const archOf = { x64: 'x86_64', arm64: 'aarch64', arm: 'armv7hl' };

class SignalboxRpm extends Installer {
  get contentFunctions() {
    return [...super.contentFunctions, 'createOwnFiles'];
  }

  /** /usr/bin/signalbox is a script: the app and the command are one program there. */
  async createBinarySymlink() {}

  async createCopyright() {
    writeCopyright(join(this.stagingDir, 'BUILD/usr/share/doc/signalbox/copyright'));
  }

  async createOwnFiles() {
    writeLinuxFiles(join(this.stagingDir, 'BUILD'), this.options.version);
  }
}

/** Builds the RPM; gives its path. */
export async function makeRpm({ folder, out }) {
  const installer = new SignalboxRpm({
    ...linuxOptions(folder, out),
    arch: archOf[process.arch] ?? process.arch,
    license: 'MIT',
    requires: ['shadow-utils'],
    scripts: rpmScripts,
    specTemplate,
    logger: () => undefined,
    rename: (dest) => join(dest, '<%= name %>-<%= version %>.<%= arch %>.rpm'),
  });
  await installer.generateDefaults();
  await installer.generateOptions();
  await installer.generateScripts();
  await installer.createStagingDir();
  await installer.createContents();
  await installer.createPackage();
  await installer.movePackage();
  return installer.options.packagePaths;
}
