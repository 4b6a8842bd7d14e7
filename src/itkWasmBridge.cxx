/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmBridge.h"

#include "itkMacro.h"
#include "itksys/SystemTools.hxx"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace itk
{
namespace wasm
{

void
Call::Check(iwf_status status) const
{
  if (status != IWF_OK)
  {
    this->Fail(m_Error.message[0] != '\0' ? m_Error.message : iwf_status_name(status));
  }
}

void
Call::Fail(const std::string & message) const
{
  const std::string name = m_Caller.GetNameOfClass();
  throw ExceptionObject(__FILE__, __LINE__, name + ": " + m_Path + ": " + message, "itk::" + name);
}

ReaderHandle
OpenReader(Call & call, iwf_family family)
{
  iwf_reader * opened = nullptr;
  iwf_limits   limits;
  iwf_limits_init(&limits);
  if (const char * const text = std::getenv("IWF_LIMITS"))
  {
    call.Check(iwf_limits_parse(&limits, text, call.Error()));
  }
  call.Check(iwf_reader_open(&opened, call.Path().c_str(), &limits, call.Error()));
  ReaderHandle reader(opened);
  if (iwf_reader_family(reader.get()) != family)
  {
    call.Fail("the suffix names another kind of object");
  }
  return reader;
}

bool
HasSuffix(const char * path, iwf_family family) noexcept
{
  iwf_family    found;
  iwf_container container;
  return path != nullptr && iwf_path_format(path, &found, &container) != 0 && found == family;
}

bool
IsCandidate(const char * path, iwf_family family)
{
  iwf_family    found;
  iwf_container container;
  if (path == nullptr || iwf_path_format(path, &found, &container) == 0 || found != family)
  {
    return false;
  }
  const bool isDirectory = itksys::SystemTools::FileIsDirectory(path);
  return container == IWF_CONTAINER_DIRECTORY ? isDirectory : !isDirectory && itksys::SystemTools::FileExists(path);
}

IOComponentEnum
ToIOComponent(iwf_component_type type) noexcept
{
  switch (type)
  {
    case IWF_INT8:
      return IOComponentEnum::CHAR;
    case IWF_UINT8:
      return IOComponentEnum::UCHAR;
    case IWF_INT16:
      return IOComponentEnum::SHORT;
    case IWF_UINT16:
      return IOComponentEnum::USHORT;
    case IWF_INT32:
      return IOComponentEnum::INT;
    case IWF_UINT32:
      return IOComponentEnum::UINT;
    case IWF_INT64:
      return IOComponentEnum::LONGLONG;
    case IWF_UINT64:
      return IOComponentEnum::ULONGLONG;
    case IWF_FLOAT32:
      return IOComponentEnum::FLOAT;
    case IWF_FLOAT64:
      return IOComponentEnum::DOUBLE;
  }
  return IOComponentEnum::UNKNOWNCOMPONENTTYPE;
}

bool
FromIOComponent(IOComponentEnum type, iwf_component_type & result) noexcept
{
  static_assert(sizeof(int) == 4 && sizeof(long long) == 8 && sizeof(float) == 4 && sizeof(double) == 8,
                "the names below say so");
  constexpr bool longIs64 = sizeof(long) == 8;
  switch (type)
  {
    case IOComponentEnum::CHAR:
      result = IWF_INT8;
      return true;
    case IOComponentEnum::UCHAR:
      result = IWF_UINT8;
      return true;
    case IOComponentEnum::SHORT:
      result = IWF_INT16;
      return true;
    case IOComponentEnum::USHORT:
      result = IWF_UINT16;
      return true;
    case IOComponentEnum::INT:
      result = IWF_INT32;
      return true;
    case IOComponentEnum::UINT:
      result = IWF_UINT32;
      return true;
    case IOComponentEnum::LONG:
      result = longIs64 ? IWF_INT64 : IWF_INT32;
      return true;
    case IOComponentEnum::ULONG:
      result = longIs64 ? IWF_UINT64 : IWF_UINT32;
      return true;
    case IOComponentEnum::LONGLONG:
      result = IWF_INT64;
      return true;
    case IOComponentEnum::ULONGLONG:
      result = IWF_UINT64;
      return true;
    case IOComponentEnum::FLOAT:
      result = IWF_FLOAT32;
      return true;
    case IOComponentEnum::DOUBLE:
      result = IWF_FLOAT64;
      return true;
    default: // unknown, long double
      return false;
  }
}

iwf_component_type
FromIOComponent(IOComponentEnum type, const char * what, const Call & call)
{
  iwf_component_type result = IWF_UINT8;
  if (!FromIOComponent(type, result))
  {
    const char * name = type == IOComponentEnum::LDOUBLE ? "long double" : "unknown";
    call.Fail(std::string(what) + ": component type " + name + ", expected int8 to uint64, float32 or float64");
  }
  return result;
}

// The core's enum is declared to have ITK's order; the ends and two values between prove it.
static_assert(static_cast<int>(IOPixelEnum::UNKNOWNPIXELTYPE) == IWF_PIXEL_UNKNOWN &&
                static_cast<int>(IOPixelEnum::COVARIANTVECTOR) == IWF_PIXEL_COVARIANT_VECTOR &&
                static_cast<int>(IOPixelEnum::COMPLEX) == IWF_PIXEL_COMPLEX &&
                static_cast<int>(IOPixelEnum::VARIABLESIZEMATRIX) == IWF_PIXEL_VARIABLE_SIZE_MATRIX,
              "iwf_pixel_type and itk::IOPixelEnum differ");

IOPixelEnum
ToIOPixel(iwf_pixel_type type) noexcept
{
  return static_cast<IOPixelEnum>(type);
}

iwf_pixel_type
FromIOPixel(IOPixelEnum type) noexcept
{
  return static_cast<int>(type) < IWF_PIXEL_TYPE_COUNT ? static_cast<iwf_pixel_type>(type) : IWF_PIXEL_UNKNOWN;
}

namespace
{
/** Zero, or far from where products of a few such numbers overflow or vanish; wider than any unit of length needs. */
bool
IsModerate(double number)
{
  const double magnitude = std::abs(number);
  return magnitude == 0 || (magnitude >= 1e-60 && magnitude <= 1e60); // false for NaN
}
} // namespace

std::string
FindBadGeometry(const double * spacing, const double * direction, unsigned int dimension)
{
  const std::string expected = ", expected a magnitude of 0 or of 1e-60 to 1e60";
  if (!std::all_of(spacing, spacing + dimension, IsModerate))
  {
    return "the spacing has an extreme value" + expected;
  }
  if (!std::all_of(direction, direction + dimension * dimension, IsModerate))
  {
    return "the direction has an extreme value" + expected;
  }
  return "";
}

} // namespace wasm
} // namespace itk
