/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmImageIOFactory_h
#define itkWasmImageIOFactory_h
#include "WebAssemblyInterfaceExport.h"

#include "itkObjectFactoryBase.h"

namespace itk
{
/** \class WasmImageIOFactory
 *
 * \brief Creates WasmImageIO where ITK looks for an ImageIO by a file's name.
 *
 * \ingroup WebAssemblyInterface
 */
class WebAssemblyInterface_EXPORT WasmImageIOFactory : public ObjectFactoryBase
{
public:
  ITK_DISALLOW_COPY_AND_MOVE(WasmImageIOFactory);

  /** Standard class type aliases. */
  using Self = WasmImageIOFactory;
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
  itkOverrideGetNameOfClassMacro(WasmImageIOFactory);
#else
  itkTypeMacro(WasmImageIOFactory, ObjectFactoryBase);
#endif

  /** Registers one factory of this type, in front of the others: WasmImageIO decides by the suffix alone and at once,
   * while some of ITK's other classes, asked about a directory, complain on the console. */
  static void
  RegisterOneFactory()
  {
    auto factory = WasmImageIOFactory::New();
    ObjectFactoryBase::RegisterFactory(factory, ObjectFactoryBase::InsertionPositionEnum::INSERT_AT_FRONT);
  }

protected:
  WasmImageIOFactory();
  ~WasmImageIOFactory() override;
};
} // end namespace itk

#endif // itkWasmImageIOFactory_h
