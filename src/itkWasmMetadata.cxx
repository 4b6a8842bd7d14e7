/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "itkWasmMetadata.h"

#include "itkArray.h"
#include "itkMatrix.h"
#include "itkMetaDataObject.h"

#include <algorithm>
#include <limits>
#include <string>
#include <type_traits>

namespace itk
{
namespace wasm
{

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

/** As All(), for a number or for all numbers in a list or a list of lists. */
template <typename TPredicate>
bool
AllNumbers(const iwf_value & value, TPredicate predicate)
{
  return value.kind == IWF_ARRAY ? All(value, [&](const iwf_value & item) { return AllNumbers(item, predicate); })
                                 : predicate(value);
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

template <typename T>
using List = std::vector<T>;

template <typename T>
using ListOfLists = std::vector<std::vector<T>>;

template <template <typename> class TContainer>
void
AddNumbers(Dictionary & dictionary, const std::string & key, const iwf_value & array)
{
  const bool doubles = AllNumbers(array, [](const iwf_value & v) { return !LosesDigits(v); });
  if (!doubles && AllNumbers(array, IsUnsigned))
  {
    Add<TContainer<unsigned long long>>(dictionary, key, array);
  }
  else if (!doubles && AllNumbers(array, [](const iwf_value & v) { return IsInteger(v) && Fits<long long>(v); }))
  {
    Add<TContainer<long long>>(dictionary, key, array);
  }
  else
  {
    Add<TContainer<double>>(dictionary, key, array);
  }
}

void
AddArray(Dictionary & dictionary, const std::string & key, const iwf_value & array)
{
  if (IsNumberList(array))
  {
    AddNumbers<List>(dictionary, key, array);
  }
  else if (IsTextList(array))
  {
    Add<List<std::string>>(dictionary, key, array);
  }
  else if (All(array, IsNumberList))
  {
    AddNumbers<ListOfLists>(dictionary, key, array);
  }
  else if (All(array, IsTextList))
  {
    Add<ListOfLists<std::string>>(dictionary, key, array);
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
