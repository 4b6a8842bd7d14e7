/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmMeshIOFactory_h
#define itkWasmMeshIOFactory_h
#include "WebAssemblyInterfaceExport.h"

#include "itkObjectFactoryBase.h"

namespace itk
{
/** \class WasmMeshIOFactory
 *
 * \brief Creates WasmMeshIO where ITK looks for a MeshIO by a file's name.
 *
 * \ingroup WebAssemblyInterface
 */
class WebAssemblyInterface_EXPORT WasmMeshIOFactory : public ObjectFactoryBase
{
public:
  ITK_DISALLOW_COPY_AND_MOVE(WasmMeshIOFactory);

  /** Standard class type aliases. */
  using Self = WasmMeshIOFactory;
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
  itkOverrideGetNameOfClassMacro(WasmMeshIOFactory);
#else
  itkTypeMacro(WasmMeshIOFactory, ObjectFactoryBase);
#endif

  /** Registers one factory of this type, in front of the others: WasmMeshIO decides by the suffix alone and at once. */
  static void
  RegisterOneFactory()
  {
    auto factory = WasmMeshIOFactory::New();
    ObjectFactoryBase::RegisterFactory(factory, ObjectFactoryBase::InsertionPositionEnum::INSERT_AT_FRONT);
  }

protected:
  WasmMeshIOFactory();
  ~WasmMeshIOFactory() override;
};
} // end namespace itk

#endif // itkWasmMeshIOFactory_h
