// The page: NiiVue with the loaders for .iwi.cbor and .iwm.cbor.
import { Niivue, SHOW_RENDER, SLICE_TYPE } from '@niivue/niivue'
import { iwi2nii, iwm2mesh } from '@niivue/cbor-loader'

const IMAGE = 'head.iwi.cbor'
const MESH = 'brain.iwm.cbor'

function facts (title, rows) {
  const section = document.createElement('section')
  const heading = document.createElement('h2')
  heading.textContent = title
  const list = document.createElement('dl')
  for (const [name, value] of rows) {
    const term = document.createElement('dt')
    const text = document.createElement('dd')
    term.textContent = name
    text.textContent = value
    list.append(term, text)
  }
  section.append(heading, list)
  document.getElementById('facts').append(section)
  return list
}

async function sha256 (array) {
  const bytes = array.buffer.slice(array.byteOffset, array.byteOffset + array.byteLength)
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, '0')).join('')
}

async function show () {
  const nv = new Niivue({
    backColor: [0.08, 0.094, 0.122, 1],
    show3Dcrosshair: false,
    crosshairWidth: 0.6,
    meshThicknessOn2D: 3,
    heroImageFraction: 0.6,
    heroSliceType: SLICE_TYPE.RENDER,
    multiplanarShowRender: SHOW_RENDER.ALWAYS,
    dragAndDropEnabled: false,
    loadingText: ''
  })
  await nv.attachTo('canvas')
  nv.useLoader(async (buffer) => iwi2nii(buffer).buffer, 'iwi.cbor', 'nii')
  nv.useLoader(async (buffer) => iwm2mesh(buffer), 'iwm.cbor', 'mz3')
  nv.setSliceType(SLICE_TYPE.MULTIPLANAR)

  await nv.loadVolumes([{ url: IMAGE, colormap: 'gray', cal_min: -60, cal_max: 240 }])
  await nv.loadMeshes([{ url: MESH, rgba255: [235, 130, 90, 255] }])
  nv.setClipPlaneColor([0, 0, 0, 0])
  nv.setClipPlane([0.05, 235, 20])
  nv.setRenderAzimuthElevation(130, 25)
  nv.setScale(1.45)

  const [volume] = nv.volumes
  const [mesh] = nv.meshes
  const shape = Array.from(volume.dims.slice(1, 4))
  const round = (values) => Array.from(values, (v) => +v.toFixed(3)).join('  ')
  facts(IMAGE, [
    ['size', shape.join(' \u00d7 ')],
    ['type', volume.img.constructor.name.replace('Array', '').toLowerCase()],
    ['spacing', round(volume.pixDims.slice(1, 4))],
    ['lowest', volume.global_min],
    ['highest', volume.global_max]
  ])
  facts(MESH, [
    ['points', (mesh.pts.length / 3).toLocaleString('en')],
    ['triangles', (mesh.tris.length / 3).toLocaleString('en')]
  ])
  const list = facts('crosshair', [['position (mm)', ''], ['value', '']])
  nv.onLocationChange = ({ mm, values }) => {
    const [position, value] = list.querySelectorAll('dd')
    position.textContent = Array.from(mm.slice(0, 3), (v) => v.toFixed(1)).join('  ')
    value.textContent = values[0].value
  }
  nv.createOnLocationChange()

  // What arrived, for the test.
  const probes = [[0, 0, 0], [10, 20, 30], shape.map((n) => n >> 1), shape.map((n) => n - 1)]
  return {
    image: {
      size: shape,
      type: volume.img.constructor.name,
      spacing: Array.from(volume.pixDims.slice(1, 4)),
      affine: volume.hdr.affine.map((row) => Array.from(row)),
      range: [volume.global_min, volume.global_max],
      probes: probes.map(([x, y, z]) => ({ index: [x, y, z], value: volume.img[x + shape[0] * (y + shape[1] * z)] })),
      sha256: await sha256(volume.img)
    },
    mesh: {
      points: mesh.pts.length / 3,
      triangles: mesh.tris.length / 3,
      first: Array.from(mesh.pts.slice(0, 3)),
      pointsSha256: await sha256(Float32Array.from(mesh.pts)),
      trianglesSha256: await sha256(Uint32Array.from(mesh.tris))
    }
  }
}

window.shown = show().catch((error) => {
  const text = document.createElement('p')
  text.className = 'error'
  text.textContent = String(error?.stack ?? error)
  document.getElementById('facts').append(text)
  return { error: text.textContent }
})
