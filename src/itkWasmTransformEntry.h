/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef itkWasmTransformEntry_h
#define itkWasmTransformEntry_h

/**
 * \file
 * Reading the parameters of one transform of a list into an ITK transform. Private, as the bridge.
 */

#include "itkWasmBridge.h"

#include "itkTransformBase.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <type_traits>

namespace itk
{
namespace wasm
{
/** One transform of the list, for messages that say which. */
struct Entry
{
  const Call & call;
  size_t       index;
  std::string  className;

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
      entry.Fail("expected finite fixed parameters, found " + std::to_string(value));
    }
  }
  const double * const spacings = fixed.data_block() + 2 * dimension;
  const std::string    problem = FindBadGeometry(spacings, spacings + dimension, dimension);
  if (!problem.empty())
  {
    entry.Fail(problem);
  }
  uint64_t points = 1;
  for (unsigned int axis = 0; axis < dimension; ++axis)
  {
    const double size = fixed[axis];
    const double spacing = spacings[axis];
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
    entry.Fail("the number of parameters, " + std::to_string(numberOfParameters) + ", is not " + std::to_string(space) +
               " for each point of the grid");
  }
}

/** Reads parameters into memory for them, by value when the file has the other type. */
template <typename TValue>
void
ReadParameters(Call & call, iwf_reader * reader, const iwf_transform_info & info, size_t index, TValue * values)
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
         Call &                          call,
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
  if (isField && info.number_of_parameters == 0 &&
      fixed == typename TransformType::FixedParametersType(fixed.Size(), 0.0))
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

} // namespace wasm
} // namespace itk

#endif
