// JavaScript clients of the interop tests:
//
//   node client.mjs cbor-x|niivue|itk-wasm ANSWERS < JOBS
//
// The conversation and the neutral form of the objects are described in
// ../clients/protocol.py and ../model.py.
import fs from 'node:fs'
import readline from 'node:readline'
import { decode, encode } from 'cbor-x'
import * as nifti from 'nifti-reader-js'
import { iwi2nii, iwm2mesh, mesh2iwm, nii2iwi } from '@niivue/cbor-loader'
import { readImageNode, writeImageNode } from '@itk-wasm/image-io'
import { readMeshNode, readPointSetNode, writeMeshNode, writePointSetNode } from '@itk-wasm/mesh-io'

const ARRAYS = {
  int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, int32: Int32Array,
  uint32: Uint32Array, int64: BigInt64Array, uint64: BigUint64Array, float32: Float32Array, float64: Float64Array
}
const NAMES = new Map(Object.entries(ARRAYS).map(([name, type]) => [type, name]))

// --- neutral form <-> typed arrays -----------------------------------------

function pack (array) {
  if (array === null || array === undefined || array.length === 0) return null
  const name = NAMES.get(array.constructor) ?? (Buffer.isBuffer(array) ? 'uint8' : undefined)
  if (name === undefined) throw new Error(`not a typed array: ${array.constructor.name}`)
  return { dtype: name, hex: Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('hex') }
}

function unpack (packed) {
  if (packed === null) return null
  const bytes = Uint8Array.from(Buffer.from(packed.hex, 'hex')) // its own, aligned buffer
  return new ARRAYS[packed.dtype](bytes.buffer)
}

function transpose (matrix, n) {
  return Array.from({ length: n * n }, (_, i) => matrix[(i % n) * n + Math.floor(i / n)])
}

function entries (metadata) {
  if (metadata === undefined || metadata === null) return []
  if (metadata instanceof Map) return [...metadata]
  return Array.isArray(metadata) ? metadata : Object.entries(metadata)
}

function plain (value) {
  if (typeof value === 'bigint') return Number(value)
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return Array.from(value, plain)
  return value
}

// --- cbor-x: what any JavaScript program would do --------------------------

function imageFromFile (iwi) {
  const type = iwi.imageType
  return {
    kind: 'image',
    dimension: type.dimension,
    componentType: type.componentType,
    pixelType: type.pixelType,
    components: type.components,
    origin: plain(iwi.origin),
    spacing: plain(iwi.spacing),
    direction: transpose(iwi.direction, type.dimension), // the file is column-major
    size: plain(iwi.size),
    metadata: Object.fromEntries(entries(iwi.metadata).map(([k, v]) => [k, plain(v)])),
    data: pack(iwi.data)
  }
}

function imageToFile (image) {
  return {
    imageType: {
      dimension: image.dimension,
      componentType: image.componentType,
      pixelType: image.pixelType,
      components: image.components
    },
    name: 'Image',
    origin: image.origin,
    spacing: image.spacing,
    direction: new Float64Array(transpose(image.direction, image.dimension)),
    size: image.size,
    metadata: new Map(Object.entries(image.metadata)),
    data: unpack(image.data)
  }
}

function meshFromFile (iwm) {
  const type = iwm.meshType
  const which = Number(iwm.numberOfPointPixels) > 0 ? 'point' : 'cell'
  const some = Number(iwm.numberOfPointPixels) + Number(iwm.numberOfCellPixels) > 0
  return {
    kind: 'mesh',
    dimension: type.dimension,
    numberOfPoints: Number(iwm.numberOfPoints),
    numberOfCells: Number(iwm.numberOfCells),
    points: pack(iwm.points),
    cells: pack(iwm.cells),
    pixelType: some ? type[`${which}PixelType`] : 'Scalar',
    components: some ? type[`${which}PixelComponents`] : 1,
    pointData: Number(iwm.numberOfPointPixels) > 0 ? pack(iwm.pointData) : null,
    cellData: Number(iwm.numberOfCellPixels) > 0 ? pack(iwm.cellData) : null
  }
}

function meshToFile (mesh) {
  const arrays = { points: unpack(mesh.points), cells: unpack(mesh.cells), pointData: unpack(mesh.pointData), cellData: unpack(mesh.cellData) }
  const type = (data) => data === null ? 'float32' : NAMES.get(data.constructor)
  const components = (data) => data === null ? 0 : mesh.components
  const pixels = (data) => data === null ? 0 : data.length / mesh.components
  const iwm = {
    meshType: {
      dimension: mesh.dimension,
      pointComponentType: mesh.points.dtype,
      pointPixelComponentType: type(arrays.pointData),
      pointPixelType: mesh.pixelType,
      pointPixelComponents: components(arrays.pointData),
      cellComponentType: mesh.cells === null ? 'uint32' : mesh.cells.dtype,
      cellPixelComponentType: type(arrays.cellData),
      cellPixelType: mesh.pixelType,
      cellPixelComponents: components(arrays.cellData)
    },
    name: 'Mesh',
    numberOfPoints: mesh.numberOfPoints,
    numberOfPointPixels: pixels(arrays.pointData),
    numberOfCells: mesh.numberOfCells,
    cellBufferSize: arrays.cells === null ? 0 : arrays.cells.length,
    numberOfCellPixels: pixels(arrays.cellData)
  }
  for (const [key, array] of Object.entries(arrays)) if (array !== null) iwm[key] = array
  return iwm
}

function transformsFromFile (list) {
  return {
    kind: 'transform',
    transforms: list.map((entry) => ({
      parameterization: entry.transformType.transformParameterization,
      parametersValueType: entry.transformType.parametersValueType,
      inputDimension: entry.transformType.inputDimension,
      outputDimension: entry.transformType.outputDimension,
      fixedParameters: pack(entry.fixedParameters) ?? { dtype: 'float64', hex: '' },
      parameters: pack(entry.parameters) ?? { dtype: entry.transformType.parametersValueType, hex: '' }
    }))
  }
}

function transformsToFile (list) {
  return list.transforms.map((entry) => {
    const out = {
      transformType: {
        transformParameterization: entry.parameterization,
        parametersValueType: entry.parametersValueType,
        inputDimension: entry.inputDimension,
        outputDimension: entry.outputDimension
      },
      numberOfFixedParameters: entry.fixedParameters.hex.length / 16,
      numberOfParameters: entry.parameters.hex.length / (entry.parametersValueType === 'float64' ? 16 : 8),
      name: 'Transform',
      inputSpaceName: '',
      outputSpaceName: '',
      fixedParameters: unpack(entry.fixedParameters),
      parameters: unpack(entry.parameters)
    }
    return out
  })
}

const cborX = {
  read ({ path, kind }) {
    const object = decode(fs.readFileSync(path))
    return { image: imageFromFile, mesh: meshFromFile, transform: transformsFromFile }[kind](object)
  },
  write ({ path, kind, model }) {
    const object = { image: imageToFile, mesh: meshToFile, transform: transformsToFile }[kind](model)
    fs.writeFileSync(path, encode(object))
  }
}

// --- @niivue/cbor-loader: what NiiVue shows ---------------------------------

const NIFTI_TYPES = { 2: Uint8Array, 4: Int16Array, 8: Int32Array, 16: Float32Array, 64: Float64Array, 128: Uint8Array, 512: Uint16Array }
const NIFTI_CODES = { uint8: 2, int16: 4, int32: 8, float32: 16, float64: 64 }

function arrayBuffer (path) {
  const bytes = fs.readFileSync(path)
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
}

function imageFromNifti (buffer) {
  const header = nifti.readHeader(buffer)
  const pixels = nifti.readImage(header, buffer)
  const n = header.dims[0]
  const data = new NIFTI_TYPES[header.datatypeCode](pixels)
  const spacing = header.pixDims.slice(1, n + 1)
  const rgb = header.datatypeCode === 128
  const out = {
    kind: 'image',
    dimension: n,
    componentType: NAMES.get(data.constructor),
    pixelType: rgb ? 'RGB' : 'Scalar',
    components: rgb ? 3 : 1,
    size: header.dims.slice(1, n + 1),
    spacing,
    data: pack(data)
  }
  // NIfTI is RAS, ITK is LPS; the affine is the 3-D part whatever n is.
  const lps = [-1, -1, 1]
  const m = Math.min(n, 3)
  out.origin = Array.from({ length: m }, (_, r) => lps[r] * header.affine[r][3])
  out.direction = Array.from({ length: m * m }, (_, i) => {
    const [r, c] = [Math.floor(i / m), i % m]
    return lps[r] * header.affine[r][c] / spacing[c]
  })
  return out
}

function niftiHeader (image) {
  const header = new nifti.NIFTI1()
  const n = image.dimension
  header.littleEndian = true
  header.dims = [n, ...image.size, 1, 1, 1, 1, 1, 1].slice(0, 8)
  header.pixDims = [1, ...image.spacing, 1, 1, 1, 1, 1, 1].slice(0, 8)
  header.datatypeCode = image.pixelType === 'RGB' ? 128 : NIFTI_CODES[image.componentType]
  if (header.datatypeCode === undefined) throw new Error(`nii2iwi has no code for ${image.componentType}`)
  const lps = [-1, -1, 1]
  const at = (r, c) => r < n && c < n ? image.direction[r * n + c] * image.spacing[c] : Number(r === c)
  header.affine = [0, 1, 2].map((r) => [0, 1, 2].map((c) => lps[r] * at(r, c)).concat([lps[r] * (image.origin[r] ?? 0)]))
  header.affine.push([0, 0, 0, 1])
  return header
}

const niivue = {
  read ({ path, kind }) {
    if (kind === 'image') return imageFromNifti(iwi2nii(arrayBuffer(path)).buffer)
    if (kind !== 'mesh') throw new Error('NiiVue has no transforms')
    const { positions, indices } = iwm2mesh(arrayBuffer(path))
    // Back from NiiVue's RAS, and from a triangle list to cell records.
    const points = positions.map((x, i) => i % 3 < 2 ? -x : x)
    const cells = new Uint32Array(indices.length / 3 * 5)
    for (let i = 0; i < indices.length / 3; i++) cells.set([2, 3, ...indices.slice(3 * i, 3 * i + 3)], 5 * i)
    return { kind: 'mesh', dimension: 3, numberOfPoints: points.length / 3, numberOfCells: indices.length / 3, points: pack(points), cells: pack(cells), pixelType: 'Scalar', components: 1, pointData: null, cellData: null }
  },
  write ({ path, kind, model }) {
    if (kind === 'image') {
      fs.writeFileSync(path, nii2iwi(niftiHeader(model), unpack(model.data).buffer, true))
    } else if (kind === 'mesh') {
      const points = unpack(model.points).map((x, i) => i % 3 < 2 ? -x : x)
      const cells = unpack(model.cells)
      const triangles = []
      for (let i = 0; i < cells.length; i += 5) triangles.push(...Array.from(cells.slice(i + 2, i + 5), Number))
      fs.writeFileSync(path, mesh2iwm(points, triangles))
    } else {
      throw new Error('NiiVue has no transforms')
    }
  }
}

// --- @itk-wasm/image-io and @itk-wasm/mesh-io -------------------------------

const itkWasm = {
  async read ({ path, kind, pointSet }) {
    if (kind === 'image') {
      const image = await readImageNode(path)
      return imageFromFile({ ...image, direction: transpose(image.direction, image.imageType.dimension) })
    }
    if (kind !== 'mesh') throw new Error('not part of these packages')
    if (pointSet === true) {
      const set = await readPointSetNode(path)
      return meshFromFile({ ...set, meshType: set.pointSetType, numberOfCells: 0, numberOfCellPixels: 0 })
    }
    return meshFromFile(await readMeshNode(path))
  },
  async write ({ path, kind, model }) {
    if (kind === 'image') {
      const { direction, ...rest } = imageToFile(model)
      await writeImageNode({ ...rest, direction: new Float64Array(model.direction) }, path)
    } else if (kind === 'mesh') {
      const mesh = { pointData: null, cellData: null, cells: null, ...meshToFile(model) }
      if (model.cells !== null) return await writeMeshNode(mesh, path)
      const { dimension, pointComponentType, pointPixelComponentType, pointPixelType, pointPixelComponents } = mesh.meshType
      await writePointSetNode({
        pointSetType: { dimension, pointComponentType, pointPixelComponentType, pointPixelType, pointPixelComponents },
        name: 'PointSet',
        numberOfPoints: mesh.numberOfPoints,
        points: mesh.points,
        numberOfPointPixels: mesh.numberOfPointPixels,
        pointData: mesh.pointData
      }, path)
    } else {
      throw new Error('not part of these packages')
    }
  }
}

// --- the conversation --------------------------------------------------------

const client = { 'cbor-x': cborX, niivue, 'itk-wasm': itkWasm }[process.argv[2]]
const answers = fs.openSync(process.argv[3], 'w')
for await (const line of readline.createInterface({ input: process.stdin })) {
  const job = JSON.parse(line)
  let answer
  try {
    const value = await client[job.op](job)
    answer = { id: job.id, ok: true, value }
  } catch (error) {
    answer = { id: job.id, ok: false, error: String(error?.message ?? error).split('\n')[0] }
  }
  fs.writeSync(answers, JSON.stringify(answer) + '\n')
}
