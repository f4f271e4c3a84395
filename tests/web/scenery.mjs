// Draws what the pictures of the page show: hills at five hours of a day, as the photos of a post. node scenery.mjs FOLDER
import { join } from 'node:path'
import { openBrowser } from './chromium.mjs'

const hours = {
    'photo1.jpg': {
        sky: ['#1b2a4e', '#e88a6f', '#f9d9a8'],
        sun: [760, 760, '#fff0c8'],
        hills: ['#6d5273', '#553f62', '#3c2d4c', '#251d35'],
    },
    'photo2.jpg': {
        sky: ['#5a9bd8', '#bfe0f2', '#f2f4e6'],
        sun: [300, 330, '#ffffff'],
        hills: ['#8fb3b0', '#63988a', '#3d7662', '#24503f'],
    },
    'photo3.jpg': {
        sky: ['#3a76b5', '#8fc4e4', '#e2eef0'],
        sun: [820, 240, '#fffbe8'],
        hills: ['#a6bd8a', '#84a566', '#5f8646', '#3f612f'],
    },
    'noisy1.jpg': {
        sky: ['#2b1b45', '#a53d6b', '#f3a262'],
        sun: [540, 830, '#ffd98a'],
        hills: ['#7a3560', '#57284f', '#3a1d3d', '#211329'],
    },
    'noisy2.jpg': {
        sky: ['#080d1f', '#182a4c', '#35507a'],
        sun: [790, 300, '#e9eefc'],
        hills: ['#24385a', '#1a2a47', '#111d34', '#0a1222'],
    },
}

function hill(level, index) {
    const top = 860 + index * 130
    const wave = (x) => top + Math.sin(x / 190 + index * 2.1) * (70 - index * 8) + Math.sin(x / 71 + index) * 14
    const points = Array.from({ length: 37 }, (_, step) => `${step * 30} ${wave(step * 30).toFixed(1)}`)
    return `<path fill="${level}" d="M0 1440V${wave(0).toFixed(1)}L${points.join('L')}V1440Z"/>`
}

const drawing = ({ sky, sun: [x, y, light], hills }) => `<!doctype html><style>body{margin:0}</style>
<svg xmlns="http://www.w3.org/2000/svg" width="1080" height="1440"><defs>
<linearGradient id="sky" x2="0" y2="1">${sky.map((color, index) => `<stop offset="${index * 0.35}" stop-color="${color}"/>`).join('')}</linearGradient>
<radialGradient id="glow"><stop stop-color="${light}" stop-opacity=".75"/><stop offset="1" stop-color="${light}" stop-opacity="0"/></radialGradient>
</defs><rect width="1080" height="1440" fill="url(#sky)"/><circle cx="${x}" cy="${y}" r="330" fill="url(#glow)"/>
<circle cx="${x}" cy="${y}" r="82" fill="${light}"/>${hills.map(hill).join('')}</svg>`

const browser = await openBrowser()
const page = await browser.newPage({ viewport: { width: 1080, height: 1440 } })
for (const [name, hour] of Object.entries(hours)) {
    await page.setContent(drawing(hour))
    await page.screenshot({ path: join(process.argv[2], name), type: 'jpeg', quality: 88 })
}
await browser.close()
