set(DOCUMENTATION
    "Reads and writes images, meshes and transforms in the ITK-Wasm formats: .iwi, .iwm and .iwt directories, and the
same as one CBOR file (.iwi.cbor, …), optionally compressed (.iwi.cbor.zst, …).")

itk_module(
  WebAssemblyInterface
  ENABLE_SHARED
  DEPENDS
  ITKCommon
  ITKIOImageBase
  ITKIOMeshBase
  ITKIOTransformBase
  FACTORY_NAMES
  ImageIO::Wasm
  MeshIO::Wasm
  TransformIO::Wasm
  EXCLUDE_FROM_DEFAULT
  DESCRIPTION
  "${DOCUMENTATION}")
