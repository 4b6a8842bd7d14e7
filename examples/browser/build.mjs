// Bundles the page into page/.
import fs from 'node:fs'
import { build } from 'esbuild'

fs.mkdirSync('page', { recursive: true })
await build({ entryPoints: ['main.js'], bundle: true, minify: true, format: 'esm', outfile: 'page/main.js', logLevel: 'warning' })
fs.copyFileSync('index.html', 'page/index.html')
