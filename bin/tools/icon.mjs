/** Draws resources/icon.png from resources/icon.svg: node bin/tools/icon.mjs (under Node 24). */
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const resource = (/** @type {string} */ name) => fileURLToPath(new URL(`../../resources/${name}`, import.meta.url))

await sharp(resource('icon.svg')).resize(1024, 1024).png({ palette: true, compressionLevel: 9 }).toFile(resource('icon.png'))
