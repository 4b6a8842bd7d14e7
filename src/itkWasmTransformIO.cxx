/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#define ITK_TEMPLATE_EXPLICIT_WasmTransformIO
#include "itkWasmTransformIO.h"

#include "itkCompositeTransformIOHelper.h"
#include "itkWasmMetadata.h"
#include "itkWasmTransformEntry.h"

#include <deque>

namespace itk
{
namespace
{
/** The name in files of a transform that has none. */
constexpr const char * defaultName = "Transform";

/** ITK's name of a class with its template arguments, as Transform::GetTransformTypeAsString() makes it. */
template <typename TValue>
std::string
ClassName(const std::string & parameterization, unsigned int inputDimension, unsigned int outputDimension)
{
  return parameterization + "Transform_" + (std::is_same<TValue, float>::value ? "float_" : "double_") +
         std::to_string(inputDimension) + '_' + std::to_string(outputDimension);
}

// ITK 5.2 has no names of spaces: there the second of each pair is taken, and the names are left out.
template <typename TTransform>
auto
SetSpaceNames(TTransform & transform, const iwf_transform_info & info, int)
  -> decltype(transform.SetInputSpaceName(std::string()))
{
  transform.SetInputSpaceName(wasm::ToString(info.input_space_name));
  transform.SetOutputSpaceName(wasm::ToString(info.output_space_name));
}

template <typename TTransform>
void
SetSpaceNames(TTransform &, const iwf_transform_info &, long)
{}

template <typename TTransform>
auto
GetSpaceNames(const TTransform & transform, iwf_transform_info & info, int)
  -> decltype((void)transform.GetInputSpaceName())
{
  info.input_space_name = wasm::ToText(transform.GetInputSpaceName());
  info.output_space_name = wasm::ToText(transform.GetOutputSpaceName());
}

template <typename TTransform>
void
GetSpaceNames(const TTransform &, iwf_transform_info &, long)
{}

template <typename TValue>
bool
IsComposite(const TransformBaseTemplate<TValue> & transform)
{
  return transform.GetTransformTypeAsString().find("CompositeTransform") != std::string::npos;
}

/** The transforms of a file: those of the list, or a composite and those of its queue. */
template <typename TValue>
std::list<typename TransformBaseTemplate<TValue>::ConstPointer>
Flatten(const std::list<typename TransformBaseTemplate<TValue>::ConstPointer> & transforms, const wasm::Call & call)
{
  if (transforms.empty())
  {
    call.Fail("no transform to write");
  }
  std::list<typename TransformBaseTemplate<TValue>::ConstPointer> result = transforms;
  if (IsComposite(*transforms.front()))
  {
    if (transforms.size() != 1)
    {
      call.Fail("a CompositeTransform can only be written alone: what follows it in the file are its own transforms");
    }
    CompositeTransformIOHelperTemplate<TValue> helper;
    result = helper.GetTransformList(transforms.front());
  }
  size_t index = 0;
  for (const auto & transform : result)
  {
    if (index > 0 && IsComposite(*transform))
    {
      wasm::Entry{ call, index, transform->GetTransformTypeAsString() }.Fail(
        "expected a CompositeTransform as the first transform of a file only");
    }
    ++index;
  }
  return result;
}
} // namespace

template <typename TParametersValueType>
WasmTransformIOTemplate<TParametersValueType>::WasmTransformIOTemplate() = default;

template <typename TParametersValueType>
WasmTransformIOTemplate<TParametersValueType>::~WasmTransformIOTemplate() = default;

template <typename TParametersValueType>
bool
WasmTransformIOTemplate<TParametersValueType>::CanReadFile(const char * fileName)
{
  return wasm::HasSuffix(fileName, IWF_FAMILY_TRANSFORM);
}

template <typename TParametersValueType>
bool
WasmTransformIOTemplate<TParametersValueType>::CanWriteFile(const char * fileName)
{
  return wasm::HasSuffix(fileName, IWF_FAMILY_TRANSFORM);
}

template <typename TParametersValueType>
void
WasmTransformIOTemplate<TParametersValueType>::Read()
{
  const std::string        path = this->GetFileName();
  wasm::Call               call(*this, path);
  const wasm::ReaderHandle reader = wasm::OpenReader(call, IWF_FAMILY_TRANSFORM);

  size_t                     count = 0;
  const iwf_transform_info * infos = iwf_reader_transforms(reader.get(), &count);
  TransformListType          transforms;
  for (size_t index = 0; index < count; ++index)
  {
    const iwf_transform_info & info = infos[index];
    const wasm::Entry          entry{ call,
                             index,
                             ClassName<TParametersValueType>(
                               wasm::ToString(info.parameterization), info.input_dimension, info.output_dimension) };
    if (index > 0 && iwf_transform_is_composite(&info))
    {
      entry.Fail("expected a CompositeTransform as the first transform of a file only");
    }
    // TransformFileReader casts the rest of the list to what the composite takes.
    if (iwf_transform_is_composite(&infos[0]) &&
        (info.input_dimension != infos[0].input_dimension || info.output_dimension != infos[0].input_dimension))
    {
      entry.Fail("expected the " + std::to_string(infos[0].input_dimension) +
                 " dimensions of the CompositeTransform that it belongs to, found others");
    }

    TransformPointer transform;
    try
    {
      this->CreateTransform(transform, entry.className);
    }
    catch (const ExceptionObject &)
    {
      entry.Fail("expected a class that is registered with itk::TransformFactory, found none of this name");
    }
    transforms.push_back(transform);
    if (!iwf_transform_is_composite(&info))
    {
      wasm::ReadInto(*transform, entry, call, reader.get(), info);
    }
    const std::string name = wasm::ToString(info.name);
    transform->SetObjectName(name == defaultName ? std::string() : name);
    SetSpaceNames(*transform, info, 0);
    wasm::FillDictionary(info.metadata, transform->GetMetaDataDictionary());
  }
  this->GetReadTransformList() = transforms;
}

template <typename TParametersValueType>
void
WasmTransformIOTemplate<TParametersValueType>::Write()
{
  const std::string path = this->GetFileName();
  wasm::Call        call(*this, path);
  if (this->GetAppendMode())
  {
    call.Fail("transforms cannot be appended to a file");
  }
  const ConstTransformListType transforms = Flatten<TParametersValueType>(this->GetWriteTransformList(), call);

  std::vector<iwf_transform_info> infos(transforms.size());
  std::vector<std::string>        names(transforms.size()); // what the infos borrow
  std::deque<wasm::MetadataTree>  metadata;
  size_t                          index = 0;
  for (const auto & transform : transforms)
  {
    const wasm::Entry entry{ call, index, transform->GetTransformTypeAsString() };
    names[index] = entry.className.substr(0, entry.className.find("Transform_"));
    metadata.emplace_back(transform->GetMetaDataDictionary());

    iwf_transform_info & info = infos[index];
    iwf_transform_info_init(&info);
    info.parameterization = wasm::ToText(names[index]);
    info.parameters_value_type = wasm::ValueType<TParametersValueType>();
    info.input_dimension = transform->GetInputSpaceDimension();
    info.output_dimension = transform->GetOutputSpaceDimension();
    info.name = transform->GetObjectName().empty() ? iwf_text{} : wasm::ToText(transform->GetObjectName());
    GetSpaceNames(*transform, info, 0);
    info.metadata = metadata.back().Get();
    if (entry.className != ClassName<TParametersValueType>(names[index], info.input_dimension, info.output_dimension))
    {
      entry.Fail("the format has no name for this class; of B-splines it only has cubic ones");
    }
    if (!IsComposite(*transform))
    {
      info.number_of_fixed_parameters = transform->GetFixedParameters().Size();
      info.number_of_parameters = transform->GetParameters().Size();
      if (iwf_transform_is_composite(&infos[0]))
      {
        infos[0].number_of_fixed_parameters += info.number_of_fixed_parameters;
        infos[0].number_of_parameters += info.number_of_parameters;
      }
    }
    ++index;
  }

  iwf_writer * opened = nullptr;
  call.Check(iwf_writer_open_transforms(&opened, path.c_str(), infos.data(), infos.size(), nullptr, call.Error()));
  const wasm::WriterHandle writer(opened);
  index = 0;
  for (const auto & transform : transforms)
  {
    if (!IsComposite(*transform))
    {
      const auto & fixed = transform->GetFixedParameters();
      call.Check(iwf_writer_write(opened,
                                  index,
                                  IWF_TRANSFORM_FIXED_PARAMETERS,
                                  0,
                                  fixed.Size() * sizeof(double),
                                  fixed.data_block(),
                                  call.Error()));
      const auto & parameters = transform->GetParameters();
      call.Check(iwf_writer_write(opened,
                                  index,
                                  IWF_TRANSFORM_PARAMETERS,
                                  0,
                                  parameters.Size() * sizeof(TParametersValueType),
                                  parameters.data_block(),
                                  call.Error()));
    }
    ++index;
  }
  call.Check(iwf_writer_commit(opened, call.Error()));
}

ITK_GCC_PRAGMA_DIAG_PUSH()
ITK_GCC_PRAGMA_DIAG(ignored "-Wattributes")

template class WebAssemblyInterface_EXPORT WasmTransformIOTemplate<double>;
template class WebAssemblyInterface_EXPORT WasmTransformIOTemplate<float>;

ITK_GCC_PRAGMA_DIAG_POP()
} // end namespace itk
