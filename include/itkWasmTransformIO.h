/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmTransformIO_h
#define itkWasmTransformIO_h
#include "WebAssemblyInterfaceExport.h"

#include "itkTransformIOBase.h"

namespace itk
{
/** \class WasmTransformIOTemplate
 *
 * \brief Reads and writes lists of itk-wasm transforms: `.iwt` directories, `.iwt.cbor` and `.iwt.cbor.zst` files.
 *
 * Every transform that TransformFactoryBase can create by its name is read and written: parameters of the type that the
 * transform has, fixed parameters, the names of the transform (Object::GetObjectName()) and of its input and output
 * space, and the metadata dictionary. A file of float transforms is read into double ones, and the other way round, by
 * value.
 *
 * A CompositeTransform is written with the transforms of its queue after it, in their order, and
 * TransformFileReaderTemplate puts them together again. As in ITK's other formats it can only be the first of a list.
 *
 * What a file says is checked before ITK's transforms, which trust it, get it. A file is complete when Write() returns;
 * until then, and when anything fails, an older file of that name stays as it is.
 *
 * \sa WasmTransformIOFactory
 * \ingroup WebAssemblyInterface
 */
template <typename TParametersValueType>
class ITK_TEMPLATE_EXPORT WasmTransformIOTemplate : public TransformIOBaseTemplate<TParametersValueType>
{
public:
  ITK_DISALLOW_COPY_AND_MOVE(WasmTransformIOTemplate);

  /** Standard class type aliases. */
  using Self = WasmTransformIOTemplate;
  using Superclass = TransformIOBaseTemplate<TParametersValueType>;
  using Pointer = SmartPointer<Self>;
  using ConstPointer = SmartPointer<const Self>;
  using typename Superclass::ConstTransformListType;
  using typename Superclass::TransformListType;
  using typename Superclass::TransformPointer;
  using typename Superclass::TransformType;

  /** Method for creation through the object factory. */
  itkNewMacro(Self);

  /** \see LightObject::GetNameOfClass() */
#ifdef itkOverrideGetNameOfClassMacro
  itkOverrideGetNameOfClassMacro(WasmTransformIOTemplate);
#else
  itkTypeMacro(WasmTransformIOTemplate, TransformIOBaseTemplate);
#endif

  /** Whether the name ends in a suffix of ours. That is all: of a file that is not there, Read() says so. */
  bool
  CanReadFile(const char * fileName) override;

  /** Whether the name ends in a suffix of ours. */
  bool
  CanWriteFile(const char * fileName) override;

  /** Replaces the list of GetReadTransformList(); that of a composite holds it and then the transforms of its queue.
   * When anything fails, the list is left as it was. */
  void
  Read() override;

  /** Writes the transforms of GetWriteTransformList(). Throws when asked to append. */
  void
  Write() override;

protected:
  WasmTransformIOTemplate();
  ~WasmTransformIOTemplate() override;
};

using WasmTransformIO = WasmTransformIOTemplate<double>;

} // end namespace itk

// Note: Explicit instantiation is done in itkWasmTransformIO.cxx

#endif // itkWasmTransformIO_h

/** Explicit instantiations */
#ifndef ITK_TEMPLATE_EXPLICIT_WasmTransformIO
// dynamic_cast across shared libraries needs one instantiation. This must be outside of the header guard: a compilation
// unit may come here twice, with and without ITK_TEMPLATE_EXPLICIT_WasmTransformIO.
#if defined(WebAssemblyInterface_EXPORTS)
#  define WebAssemblyInterface_EXPORT_EXPLICIT ITK_FORWARD_EXPORT
#else
#  define WebAssemblyInterface_EXPORT_EXPLICIT WebAssemblyInterface_EXPORT
#endif
namespace itk
{
ITK_GCC_PRAGMA_DIAG_PUSH()
ITK_GCC_PRAGMA_DIAG(ignored "-Wattributes")

extern template class WebAssemblyInterface_EXPORT_EXPLICIT WasmTransformIOTemplate<double>;
extern template class WebAssemblyInterface_EXPORT_EXPLICIT WasmTransformIOTemplate<float>;

ITK_GCC_PRAGMA_DIAG_POP()
} // end namespace itk
#undef WebAssemblyInterface_EXPORT_EXPLICIT
#endif
