// Opens the page in headless Chromium, prints what arrived there as JSON, takes a screenshot:
//
//   node check.mjs CHROMIUM URL SCREENSHOT
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { chromium } from 'playwright-core'

const [executablePath, url, screenshot] = process.argv.slice(2)
const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'chromium-'))
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  viewport: { width: 1100, height: 620 },
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist',
    '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
})
try {
  const page = await context.newPage()
  const problems = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('requestfailed', (request) => problems.push(`${request.url()}: ${request.failure()?.errorText}`))
  await page.goto(url)
  const shown = await page.evaluate(() => window.shown)
  await page.waitForTimeout(500)
  const picture = await page.screenshot({ path: screenshot })
  // How many of the canvas's pixels are not background: something is drawn, too.
  const drawn = await page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob())
    const box = document.getElementById('canvas').getBoundingClientRect()
    const canvas = new OffscreenCanvas(box.width, box.height)
    const context = canvas.getContext('2d')
    context.drawImage(bitmap, -box.left, -box.top)
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    let bright = 0
    let orange = 0
    for (let i = 0; i < data.length; i += 4) {
      if (data[i] > 90 && data[i + 1] > 90 && data[i + 2] > 90) bright++
      if (data[i] > 90 && data[i] > data[i + 2] + 50) orange++
    }
    return { bright: bright / (data.length / 4), orange: orange / (data.length / 4) }
  }, picture.toString('base64'))
  console.log(JSON.stringify({ ...shown, drawn, problems }))
} finally {
  await context.close()
  fs.rmSync(profile, { recursive: true, force: true })
}
