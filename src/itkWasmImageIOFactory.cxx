/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmImageIOFactory.h"

#include "itkVersion.h"
#include "itkWasmImageIO.h"

namespace itk
{
WasmImageIOFactory::WasmImageIOFactory()
{
  this->RegisterOverride(
    "itkImageIOBase", "itkWasmImageIO", "itk-wasm image IO", true, CreateObjectFunction<WasmImageIO>::New());
}

WasmImageIOFactory::~WasmImageIOFactory() = default;

const char *
WasmImageIOFactory::GetITKSourceVersion() const
{
  return ITK_SOURCE_VERSION;
}

const char *
WasmImageIOFactory::GetDescription() const
{
  return "itk-wasm image IO factory: .iwi, .iwi.cbor and .iwi.cbor.zst";
}

// ITK's generated factory managers call this during static initialization, when the list of factories is not there yet
// and a place in it cannot be chosen. Do not call it directly.
void WebAssemblyInterface_EXPORT
WasmImageIOFactoryRegister__Private()
{
  static const bool registered = [] {
    ObjectFactoryBase::RegisterFactoryInternal(WasmImageIOFactory::New());
    return true;
  }();
  (void)registered;
}

} // end namespace itk
