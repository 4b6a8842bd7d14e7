/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmTransformIOFactory_h
#define itkWasmTransformIOFactory_h
#include "WebAssemblyInterfaceExport.h"

#include "itkObjectFactoryBase.h"

namespace itk
{
/** \class WasmTransformIOFactory
 *
 * \brief Creates WasmTransformIOTemplate, of double and float, where ITK looks for a TransformIO by a file's name.
 *
 * \ingroup WebAssemblyInterface
 */
class WebAssemblyInterface_EXPORT WasmTransformIOFactory : public ObjectFactoryBase
{
public:
  ITK_DISALLOW_COPY_AND_MOVE(WasmTransformIOFactory);

  /** Standard class type aliases. */
  using Self = WasmTransformIOFactory;
  using Superclass = ObjectFactoryBase;
  using Pointer = SmartPointer<Self>;
  using ConstPointer = SmartPointer<const Self>;

  /** Class methods used to interface with the registered factories. */
  const char *
  GetITKSourceVersion() const override;

  const char *
  GetDescription() const override;

  /** Method for class instantiation. */
  itkFactorylessNewMacro(Self);

  /** \see LightObject::GetNameOfClass() */
#ifdef itkOverrideGetNameOfClassMacro
  itkOverrideGetNameOfClassMacro(WasmTransformIOFactory);
#else
  itkTypeMacro(WasmTransformIOFactory, ObjectFactoryBase);
#endif

  /** Registers one factory of this type, in front of the others: this class decides by the suffix alone and at
   * once, while ITK's HDF5 class, asked about a directory, complains on the console. */
  static void
  RegisterOneFactory()
  {
    auto factory = WasmTransformIOFactory::New();
    ObjectFactoryBase::RegisterFactory(factory, ObjectFactoryBase::InsertionPositionEnum::INSERT_AT_FRONT);
  }

protected:
  WasmTransformIOFactory();
  ~WasmTransformIOFactory() override;
};
} // end namespace itk

#endif // itkWasmTransformIOFactory_h
