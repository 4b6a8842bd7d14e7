/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#define ITK_TEMPLATE_EXPLICIT_WasmTransformIO
#include "itkWasmTransformIO.h"

#include "itkCompositeTransformIOHelper.h"
#include "itkWasmBridge.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <type_traits>

namespace itk
{
namespace
{
/** The name in files of a transform that has none. */
constexpr const char * defaultName = "Transform";

/** One transform of the list, for messages that say which. */
struct Entry
{
  const wasm::Call & call;
  size_t             index;
  std::string        className;

  [[noreturn]] void
  Fail(const std::string & message) const
  {
    call.Fail("transform " + std::to_string(index) + " (" + className + "): " + message);
  }
};

template <typename TValue>
constexpr iwf_component_type
ValueType()
{
  return std::is_same<TValue, float>::value ? IWF_FLOAT32 : IWF_FLOAT64;
}

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

/** Fields and B-splines allocate the grid that their fixed parameters describe (size, origin, spacing, direction), and
 * take its size from them unseen. */
template <typename TValue>
void
CheckGrid(const Entry &                                                       entry,
          const TransformBaseTemplate<TValue> &                               transform,
          const typename TransformBaseTemplate<TValue>::FixedParametersType & fixed,
          uint64_t                                                            numberOfParameters)
{
  const unsigned int space = transform.GetInputSpaceDimension();
  const unsigned int dimension = fixed.Size() == space * (space + 3) ? space : space + 1; // velocity has time as well
  for (const double value : fixed)
  {
    if (!std::isfinite(value))
    {
      entry.Fail("a fixed parameter is not finite");
    }
  }
  uint64_t points = 1;
  for (unsigned int axis = 0; axis < dimension; ++axis)
  {
    const double size = fixed[axis];
    const double spacing = fixed[2 * dimension + axis];
    if (size < 1 || size > 9007199254740992.0 || size != std::floor(size))
    {
      entry.Fail("the size of the grid along axis " + std::to_string(axis) + " is " + std::to_string(size) +
                 ", expected a positive integer");
    }
    if (spacing <= 0)
    {
      entry.Fail("the spacing of the grid along axis " + std::to_string(axis) + " is " + std::to_string(spacing) +
                 ", expected a positive number");
    }
    // More points than parameters are wrong whatever follows, and cannot overflow like this.
    points = static_cast<uint64_t>(size) > numberOfParameters / points ? 0 : points * static_cast<uint64_t>(size);
    if (points == 0)
    {
      break;
    }
  }
  if (points == 0 || numberOfParameters % space != 0 || points != numberOfParameters / space)
  {
    entry.Fail("the number of parameters, " + std::to_string(numberOfParameters) + ", is not " +
               std::to_string(space) + " for each point of the grid");
  }
}

/** Reads parameters into memory for them, by value when the file has the other type. */
template <typename TValue>
void
ReadParameters(wasm::Call & call, iwf_reader * reader, const iwf_transform_info & info, size_t index, TValue * values)
{
  const uint64_t count = info.number_of_parameters;
  if (info.parameters_value_type == ValueType<TValue>())
  {
    call.Check(
      iwf_reader_read(reader, index, IWF_TRANSFORM_PARAMETERS, 0, count * sizeof(TValue), values, call.Error()));
    return;
  }
  using Stored = std::conditional_t<std::is_same<TValue, float>::value, double, float>;
  std::vector<Stored> piece(std::min<uint64_t>(count, 65536));
  for (uint64_t first = 0; first < count; first += piece.size())
  {
    const uint64_t size = std::min<uint64_t>(count - first, piece.size());
    call.Check(iwf_reader_read(reader,
                               index,
                               IWF_TRANSFORM_PARAMETERS,
                               first * sizeof(Stored),
                               size * sizeof(Stored),
                               piece.data(),
                               call.Error()));
    std::transform(
      piece.begin(), piece.begin() + size, values + first, [](Stored value) { return static_cast<TValue>(value); });
  }
}

/** Does what may throw inside of ITK or for want of memory; then says where. */
template <typename TAction>
void
Attempt(const Entry & entry, TAction && action)
{
  try
  {
    action();
  }
  catch (const ExceptionObject & exception)
  {
    entry.Fail(exception.GetDescription());
  }
  catch (const std::bad_alloc &)
  {
    entry.Fail("not enough memory for its parameters");
  }
}

/** Reads what the entry has into a transform fresh from the factory. ITK's setters trust the length of what they get, so
 * it is compared with what this class needs first. */
template <typename TValue>
void
ReadInto(TransformBaseTemplate<TValue> & transform,
         const Entry &                   entry,
         wasm::Call &                    call,
         iwf_reader *                    reader,
         const iwf_transform_info &      info)
{
  using TransformType = TransformBaseTemplate<TValue>;
  using Category = typename TransformType::TransformCategoryEnum;
  const Category category = transform.GetTransformCategory();
  const bool     isField = category == Category::DisplacementField || category == Category::VelocityField;
  const bool     isGrid = isField || category == Category::BSpline;
  const bool     isKernel = category == Category::Spline; // from any number of landmarks

  typename TransformType::FixedParametersType fixed;
  Attempt(entry, [&] { fixed.SetSize(info.number_of_fixed_parameters); });
  call.Check(iwf_reader_read(reader,
                             entry.index,
                             IWF_TRANSFORM_FIXED_PARAMETERS,
                             0,
                             fixed.Size() * sizeof(double),
                             fixed.data_block(),
                             call.Error()));
  // Fields and B-splines must have all of the grid. Other classes take the first values and leave the rest, which old
  // files do have; and before ITK 4.13, Euler3DTransform had no flag for the order of rotations.
  const SizeValueType expected = isKernel ? 0 : transform.GetFixedParameters().Size();
  const bool          isOldEuler = entry.className.compare(0, 9, "Euler3DTr") == 0 && fixed.Size() == 3;
  if (fixed.Size() < expected ? !isOldEuler : isGrid && fixed.Size() > expected)
  {
    entry.Fail("the number of fixed parameters is " + std::to_string(fixed.Size()) + ", expected " +
               std::to_string(expected));
  }
  if (isKernel && fixed.Size() % transform.GetInputSpaceDimension() != 0)
  {
    entry.Fail("the number of fixed parameters, " + std::to_string(fixed.Size()) + ", makes no whole landmarks");
  }
  if (isField && info.number_of_parameters == 0 && fixed == typename TransformType::FixedParametersType(fixed.Size(), 0.0))
  {
    return; // a field transform without a field
  }
  if (isGrid)
  {
    CheckGrid(entry, transform, fixed, info.number_of_parameters);
  }
  Attempt(entry, [&] { transform.SetFixedParameters(fixed); });

  const uint64_t needed = isKernel ? fixed.Size() : transform.GetNumberOfParameters();
  if (info.number_of_parameters != needed)
  {
    entry.Fail("the number of parameters is " + std::to_string(info.number_of_parameters) + ", expected " +
               std::to_string(needed));
  }
  const typename TransformType::ParametersType & own = transform.GetParameters();
  if (isGrid && own.Size() == needed)
  {
    // The grid is large, and the transform has allocated it: no second one beside it.
    ReadParameters(call, reader, info, entry.index, const_cast<TValue *>(own.data_block()));
    Attempt(entry, [&] { transform.SetParameters(own); });
    return;
  }
  typename TransformType::ParametersType parameters;
  Attempt(entry, [&] { parameters.SetSize(needed); });
  ReadParameters(call, reader, info, entry.index, parameters.data_block());
  Attempt(entry, [&] { transform.SetParametersByValue(parameters); });
}

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
      Entry{ call, index, transform->GetTransformTypeAsString() }.Fail(
        "a CompositeTransform can only be the first transform of a file");
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
  return wasm::IsCandidate(fileName, IWF_FAMILY_TRANSFORM);
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
    const Entry                entry{ call,
                       index,
                       ClassName<TParametersValueType>(
                         wasm::ToString(info.parameterization), info.input_dimension, info.output_dimension) };
    if (index > 0 && iwf_transform_is_composite(&info))
    {
      entry.Fail("a CompositeTransform can only be the first transform of a file");
    }
    // TransformFileReader casts the rest of the list to what the composite takes.
    if (iwf_transform_is_composite(&infos[0]) && (info.input_dimension != infos[0].input_dimension ||
                                                  info.output_dimension != infos[0].input_dimension))
    {
      entry.Fail("its dimensions are not those of the CompositeTransform that it belongs to");
    }

    TransformPointer transform;
    try
    {
      this->CreateTransform(transform, entry.className);
    }
    catch (const ExceptionObject &)
    {
      entry.Fail("no such class is registered with itk::TransformFactory");
    }
    transforms.push_back(transform);
    if (!iwf_transform_is_composite(&info))
    {
      ReadInto(*transform, entry, call, reader.get(), info);
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
    const Entry entry{ call, index, transform->GetTransformTypeAsString() };
    names[index] = entry.className.substr(0, entry.className.find("Transform_"));
    metadata.emplace_back(transform->GetMetaDataDictionary());

    iwf_transform_info & info = infos[index];
    iwf_transform_info_init(&info);
    info.parameterization = wasm::ToText(names[index]);
    info.parameters_value_type = ValueType<TParametersValueType>();
    info.input_dimension = transform->GetInputSpaceDimension();
    info.output_dimension = transform->GetOutputSpaceDimension();
    info.name = transform->GetObjectName().empty() ? iwf_text{} : wasm::ToText(transform->GetObjectName());
    GetSpaceNames(*transform, info, 0);
    info.metadata = metadata.back().Get();
    if (entry.className !=
        ClassName<TParametersValueType>(names[index], info.input_dimension, info.output_dimension))
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
  call.Check(
    iwf_writer_open_transforms(&opened, path.c_str(), infos.data(), infos.size(), nullptr, call.Error()));
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
