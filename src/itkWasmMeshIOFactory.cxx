/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmMeshIOFactory.h"

#include "itkVersion.h"
#include "itkWasmMeshIO.h"

namespace itk
{
WasmMeshIOFactory::WasmMeshIOFactory()
{
  this->RegisterOverride(
    "itkMeshIOBase", "itkWasmMeshIO", "itk-wasm mesh IO", true, CreateObjectFunction<WasmMeshIO>::New());
}

WasmMeshIOFactory::~WasmMeshIOFactory() = default;

const char *
WasmMeshIOFactory::GetITKSourceVersion() const
{
  return ITK_SOURCE_VERSION;
}

const char *
WasmMeshIOFactory::GetDescription() const
{
  return "itk-wasm mesh IO factory: .iwm, .iwm.cbor and .iwm.cbor.zst";
}

// ITK's generated factory managers call this during static initialization, when the list of factories is not there yet
// and a place in it cannot be chosen. Do not call it directly.
void WebAssemblyInterface_EXPORT
WasmMeshIOFactoryRegister__Private()
{
  static const bool registered = [] {
    ObjectFactoryBase::RegisterFactoryInternal(WasmMeshIOFactory::New());
    return true;
  }();
  (void)registered;
}
} // end namespace itk
