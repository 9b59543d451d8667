import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../errors.ts'
import { packageFile } from '../lib/assets.ts'

/** Addresses of built files by their plain names: `site.css` is at `/assets/site-3f2a....css`. */
export type AssetUrls = {
  url(name: string): string
  file(hashedName: string): { content: Uint8Array<ArrayBuffer>; type: string } | undefined
}

const types: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  woff2: 'font/woff2',
  svg: 'image/svg+xml',
  png: 'image/png',
}

/** Reads the built assets once; they are few and small, and their names change with their content. */
export function loadAssets(folder = packageFile('dist')): AssetUrls {
  const manifest = join(folder, 'assets.json')
  if (!existsSync(manifest))
    throw new AppError('unavailable', `The site was not built: ${manifest} is missing. Run "npm run build".`)
  const names = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>
  const files = new Map(Object.values(names).map((name) => [name, fileOf(join(folder, 'assets', name), name)]))
  return {
    url: (name) => `/assets/${names[name] ?? name}`,
    file: (name) => files.get(name),
  }
}

function fileOf(path: string, name: string) {
  return {
    content: new Uint8Array(readFileSync(path)),
    type: types[name.split('.').at(-1) as string] ?? 'application/octet-stream',
  }
}
