/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmBridge.h"

#include "itkArray.h"
#include "itkMacro.h"
#include "itkMatrix.h"
#include "itkMetaDataObject.h"
#include "itksys/SystemTools.hxx"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <type_traits>

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

/** Turns what a MetaDataObject holds into values. Convert() has one overload for each shape of a type. */
struct TreeBuilder
{
  MetadataTree & tree;

  static iwf_value
  OfKind(iwf_kind kind)
  {
    iwf_value value{};
    value.kind = kind;
    value.tag = IWF_NO_TAG;
    return value;
  }

  template <typename T>
  std::enable_if_t<std::is_arithmetic<T>::value, iwf_value>
  Convert(T number)
  {
    if (std::is_floating_point<T>::value)
    {
      iwf_value value = OfKind(IWF_FLOAT);
      value.of.float_value = static_cast<double>(number);
      return value;
    }
    if (number < T{})
    {
      iwf_value value = OfKind(IWF_NEGATIVE);
      value.of.negative_value = static_cast<int64_t>(number);
      return value;
    }
    iwf_value value = OfKind(IWF_UNSIGNED);
    value.of.unsigned_value = static_cast<uint64_t>(number);
    return value;
  }

  iwf_value
  Convert(bool truth)
  {
    iwf_value value = OfKind(IWF_BOOL);
    value.of.boolean = truth ? 1 : 0;
    return value;
  }

  iwf_value
  Convert(const std::string & text)
  {
    iwf_value value = OfKind(IWF_TEXT);
    value.of.text = text.data();
    value.count = text.size();
    return value;
  }

  template <typename TIterator>
  iwf_value
  ConvertRange(TIterator first, TIterator last)
  {
    std::vector<iwf_value> items;
    for (; first != last; ++first)
    {
      items.push_back(this->Convert(*first));
    }
    tree.m_Arrays.push_back(std::move(items));
    iwf_value value = OfKind(IWF_ARRAY);
    value.of.items = tree.m_Arrays.back().data();
    value.count = tree.m_Arrays.back().size();
    return value;
  }

  template <typename T>
  iwf_value
  Convert(const std::vector<T> & list)
  {
    return this->ConvertRange(list.begin(), list.end());
  }

  template <typename T>
  iwf_value
  Convert(const Array<T> & list)
  {
    return this->ConvertRange(list.begin(), list.end());
  }

  template <typename T, unsigned int VRows, unsigned int VColumns>
  iwf_value
  Convert(const Matrix<T, VRows, VColumns> & matrix)
  {
    std::vector<std::vector<T>> rows(VRows);
    for (unsigned int r = 0; r < VRows; ++r)
    {
      rows[r].assign(matrix[r], matrix[r] + VColumns);
    }
    return this->Convert(rows);
  }

  template <typename T>
  bool
  TryOne(const MetaDataObjectBase * object, iwf_value & value)
  {
    const auto * typed = dynamic_cast<const MetaDataObject<T> *>(object);
    if (typed != nullptr)
    {
      value = this->Convert(typed->GetMetaDataObjectValue());
    }
    return typed != nullptr;
  }

  template <typename... T>
  bool
  TryEach(const MetaDataObjectBase * object, iwf_value & value)
  {
    bool done = false;
    (void)std::initializer_list<int>{ (done = done || this->TryOne<T>(object, value), 0)... };
    return done;
  }

  /** A number, and lists of it. */
  template <typename... T>
  bool
  TryNumbers(const MetaDataObjectBase * object, iwf_value & value)
  {
    return this->TryEach<T...>(object, value) || this->TryEach<std::vector<T>...>(object, value) ||
           this->TryEach<Array<T>...>(object, value) || this->TryEach<std::vector<std::vector<T>>...>(object, value);
  }

  template <unsigned int... VSize>
  bool
  TryMatrices(const MetaDataObjectBase * object, iwf_value & value)
  {
    return this->TryEach<Matrix<double, VSize, VSize>...>(object, value) ||
           this->TryEach<Matrix<float, VSize, VSize>...>(object, value);
  }

  bool
  Try(const MetaDataObjectBase * object, iwf_value & value)
  {
    return this->TryEach<std::string, bool>(object, value) ||
           this->TryNumbers<double,
                            float,
                            int,
                            unsigned int,
                            long,
                            unsigned long,
                            long long,
                            unsigned long long,
                            short,
                            unsigned short,
                            char,
                            signed char,
                            unsigned char>(object, value) ||
           this->TryEach<std::vector<std::string>, std::vector<std::vector<std::string>>>(object, value) ||
           this->TryMatrices<1, 2, 3, 4, 5, 6>(object, value);
  }
};

MetadataTree::MetadataTree(const MetaDataDictionary & dictionary)
{
  TreeBuilder builder{ *this };
  for (auto entry = dictionary.Begin(); entry != dictionary.End(); ++entry)
  {
    iwf_member member{};
    if (builder.Try(entry->second.GetPointer(), member.value))
    {
      member.key = entry->first.data();
      member.key_length = entry->first.size();
      m_Members.push_back(member);
    }
  }
  m_Root = TreeBuilder::OfKind(IWF_MAP);
  m_Root.of.members = m_Members.data();
  m_Root.count = m_Members.size();
}

namespace
{

using Dictionary = MetaDataDictionary;

bool
IsInteger(const iwf_value & value)
{
  return value.kind == IWF_UNSIGNED || value.kind == IWF_NEGATIVE;
}

bool
IsNumber(const iwf_value & value)
{
  return value.kind == IWF_FLOAT || IsInteger(value);
}

bool
IsText(const iwf_value & value)
{
  return value.kind == IWF_TEXT;
}

bool
IsUnsigned(const iwf_value & value)
{
  return value.kind == IWF_UNSIGNED;
}

template <typename T>
bool
Fits(const iwf_value & value)
{
  return value.kind == IWF_UNSIGNED
           ? value.of.unsigned_value <= static_cast<uint64_t>(std::numeric_limits<T>::max())
           : std::is_signed<T>::value &&
               value.of.negative_value >= static_cast<int64_t>(std::numeric_limits<T>::lowest());
}

/** The number, exact where T has it. */
template <typename T>
std::enable_if_t<std::is_arithmetic<T>::value>
Get(const iwf_value & value, T & result)
{
  result = value.kind == IWF_FLOAT      ? static_cast<T>(value.of.float_value)
           : value.kind == IWF_UNSIGNED ? static_cast<T>(value.of.unsigned_value)
                                        : static_cast<T>(value.of.negative_value);
}

void
Get(const iwf_value & value, std::string & result)
{
  result.assign(value.of.text, static_cast<size_t>(value.count));
}

template <typename T>
void
Get(const iwf_value & value, std::vector<T> & result)
{
  result.resize(static_cast<size_t>(value.count));
  for (size_t i = 0; i < result.size(); ++i)
  {
    Get(value.of.items[i], result[i]);
  }
}

template <typename T>
void
Add(Dictionary & dictionary, const std::string & key, const iwf_value & value)
{
  T converted{};
  Get(value, converted);
  EncapsulateMetaData<T>(dictionary, key, converted);
}

/** Adds the integer as the first of the types that has it. */
template <typename... T>
void
AddInteger(Dictionary & dictionary, const std::string & key, const iwf_value & value)
{
  bool done = false;
  (void)std::initializer_list<int>{ (done = done || (Fits<T>(value) && (Add<T>(dictionary, key, value), true)), 0)... };
}

bool
LosesDigits(const iwf_value & value)
{
  constexpr int64_t exact = int64_t{ 1 } << std::numeric_limits<double>::digits;
  return value.kind == IWF_UNSIGNED   ? value.of.unsigned_value > static_cast<uint64_t>(exact)
         : value.kind == IWF_NEGATIVE ? value.of.negative_value < -exact
                                      : false;
}

template <typename TPredicate>
bool
All(const iwf_value & array, TPredicate predicate)
{
  return array.kind == IWF_ARRAY && std::all_of(array.of.items, array.of.items + array.count, predicate);
}

bool
IsNumberList(const iwf_value & value)
{
  return All(value, IsNumber);
}

bool
IsTextList(const iwf_value & value)
{
  return All(value, IsText);
}

void
AddArray(Dictionary & dictionary, const std::string & key, const iwf_value & array)
{
  if (IsNumberList(array))
  {
    const bool large = std::any_of(array.of.items, array.of.items + array.count, LosesDigits);
    if (large && All(array, IsUnsigned))
    {
      Add<std::vector<unsigned long long>>(dictionary, key, array);
    }
    else if (large && All(array, [](const iwf_value & v) { return IsInteger(v) && Fits<long long>(v); }))
    {
      Add<std::vector<long long>>(dictionary, key, array);
    }
    else
    {
      Add<std::vector<double>>(dictionary, key, array);
    }
  }
  else if (IsTextList(array))
  {
    Add<std::vector<std::string>>(dictionary, key, array);
  }
  else if (All(array, IsNumberList))
  {
    Add<std::vector<std::vector<double>>>(dictionary, key, array);
  }
  else if (All(array, IsTextList))
  {
    Add<std::vector<std::vector<std::string>>>(dictionary, key, array);
  }
}

} // namespace

void
FillDictionary(const iwf_value * metadata, MetaDataDictionary & dictionary)
{
  if (metadata == nullptr || metadata->kind != IWF_MAP)
  {
    return;
  }
  for (const iwf_member * member = metadata->of.members; member != metadata->of.members + metadata->count; ++member)
  {
    const std::string key(member->key, member->key_length);
    const iwf_value & value = member->value;
    switch (value.kind)
    {
      case IWF_BOOL:
        EncapsulateMetaData<bool>(dictionary, key, value.of.boolean != 0);
        break;
      case IWF_UNSIGNED:
      case IWF_NEGATIVE:
        AddInteger<int, unsigned int, unsigned long, long, unsigned long long, long long>(dictionary, key, value);
        break;
      case IWF_FLOAT:
        Add<double>(dictionary, key, value);
        break;
      case IWF_TEXT:
        Add<std::string>(dictionary, key, value);
        break;
      case IWF_ARRAY:
        AddArray(dictionary, key, value);
        break;
      default: // null, byte strings and maps have no type in the dictionary
        break;
    }
  }
}

} // namespace wasm
} // namespace itk
