/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmTransformIOFactory.h"

#include "itkVersion.h"
#include "itkWasmTransformIO.h"

namespace itk
{
WasmTransformIOFactory::WasmTransformIOFactory()
{
  this->RegisterOverride("itkTransformIOBaseTemplate",
                         "itkWasmTransformIO",
                         "itk-wasm transform float IO",
                         true,
                         CreateObjectFunction<WasmTransformIOTemplate<float>>::New());
  this->RegisterOverride("itkTransformIOBaseTemplate",
                         "itkWasmTransformIO",
                         "itk-wasm transform double IO",
                         true,
                         CreateObjectFunction<WasmTransformIOTemplate<double>>::New());
}

WasmTransformIOFactory::~WasmTransformIOFactory() = default;

const char *
WasmTransformIOFactory::GetITKSourceVersion() const
{
  return ITK_SOURCE_VERSION;
}

const char *
WasmTransformIOFactory::GetDescription() const
{
  return "itk-wasm transform IO factory: .iwt, .iwt.cbor and .iwt.cbor.zst";
}

// ITK's generated factory managers call this during static initialization, when the list of factories is not there yet
// and a place in it cannot be chosen. Do not call it directly.
void WebAssemblyInterface_EXPORT
WasmTransformIOFactoryRegister__Private()
{
  static const bool registered = [] {
    ObjectFactoryBase::RegisterFactoryInternal(WasmTransformIOFactory::New());
    return true;
  }();
  (void)registered;
}
} // end namespace itk
