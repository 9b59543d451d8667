// Where the browser of the tests comes from: the machine's own Chromium or Chrome, never a download of ours.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { APT_GET, canInstall, installPackages } from './debian-package.ts'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** Path of a Chromium, or undefined. PAPERROUND_CHROMIUM, when set, is the only place that counts. */
export function findChromium(places: string[] = usualPlaces()): string | undefined {
  return places.find((place) => existsSync(place))
}

/**
 * As `findChromium`, but installs Chromium first where that takes no question: root on a system with apt-get.
 * Anywhere else it prints how to install it and returns undefined.
 */
export async function ensureChromium(
  options: { places?: string[]; aptGet?: string; print?: (line: string) => void } = {},
): Promise<string | undefined> {
  const { places = usualPlaces(), aptGet = APT_GET, print = console.error } = options
  const found = findChromium(places)
  if (found) return found
  const named = process.env.PAPERROUND_CHROMIUM
  if (named) {
    print(`PAPERROUND_CHROMIUM names ${named}, where no file is. Correct it, or unset it to search the usual places.`)
    return undefined
  }
  if (!canInstall(aptGet)) {
    print(`No Chromium found. ${installHint()} Or set PAPERROUND_CHROMIUM to the path of one.`)
    return undefined
  }
  print('No Chromium found: installing it with apt-get (once) ...')
  const problem = installPackages(['chromium'], { aptGet })
  const installed = findChromium(places)
  if (!installed) print(`apt-get did not bring a Chromium: ${problem ?? 'it ended well, but nothing is there.'}`)
  return installed
}

function usualPlaces(): string[] {
  const { PAPERROUND_CHROMIUM, PATH = '', PROGRAMFILES, LOCALAPPDATA, HOME = '' } = process.env
  if (PAPERROUND_CHROMIUM) return [PAPERROUND_CHROMIUM]
  if (process.platform === 'darwin') {
    const apps = ['Google Chrome.app/Contents/MacOS/Google Chrome', 'Chromium.app/Contents/MacOS/Chromium']
    return ['/Applications', join(HOME, 'Applications')].flatMap((folder) => apps.map((app) => join(folder, app)))
  }
  if (process.platform === 'win32') {
    const programs = ['Google/Chrome/Application/chrome.exe', 'Chromium/Application/chrome.exe']
    const folders = [PROGRAMFILES, process.env['ProgramFiles(x86)'], LOCALAPPDATA].filter(
      (folder) => folder !== undefined,
    )
    return folders.flatMap((folder) => programs.map((program) => join(folder, program)))
  }
  const folders = new Set(['/usr/bin', '/usr/local/bin', '/snap/bin', ...PATH.split(delimiter).filter(Boolean)])
  return commands.flatMap((command) => [...folders].map((folder) => join(folder, command)))
}

function installHint(): string {
  if (process.platform === 'darwin') return 'Install Google Chrome, or run: brew install --cask chromium.'
  if (process.platform === 'win32') return 'Install Google Chrome.'
  return 'Install it with your package manager, for example: sudo apt-get install chromium.'
}
